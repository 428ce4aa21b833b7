/* Symbols of each section, for what is held against nm and gdb; and memory that moves while it is read. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char fixed[] = "fixed text";
int seven = 7;
int zero;
char many[100000]; /* more of the BSS than fits behind the data in its last page */

static void *wait_for_ever(void *nothing) {
    for (;;) pause();
    return nothing;
}

static void move(void) { /* maps and unmaps, so that the list of regions is never the same */
    for (int number = 0;; number++) {
        char *block = mmap(0, (1 + number % 50) * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        block[0] = 1;
        if (number % 3) munmap(block, (1 + number % 50) * 4096);
        if (number > 3000) exit(0);
    }
}

int main(int count, char **words) {
    int local = 1;
    int *block = malloc(64);
    int threads = count > 1 ? atoi(words[1]) : 0;
    for (int number = 0; number < threads; number++) {
        pthread_t thread;
        pthread_create(&thread, 0, wait_for_ever, 0);
    }
    printf("fixed %p\nseven %p\nzero %p\nmany %p\nmain %p\nlocal %p\nblock %p\nready\n", (void *)fixed, (void *)&seven,
           (void *)&zero, (void *)(many + 99999), (void *)main, (void *)&local, (void *)block);
    fflush(stdout);
    if (count > 2 && !strcmp(words[2], "move")) move();
    wait_for_ever(0);
}

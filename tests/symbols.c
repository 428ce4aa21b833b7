/* Symbols of each section, for what is held against nm and gdb; memory that moves while it is read. */
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

static void move(void) { /* maps and unmaps for ever, so that the list of regions is never the same */
    char *kept[8] = {0};
    for (unsigned number = 0;; number++) {
        int place = number % 8;
        size_t size = (1 + number % 50) * 4096, before = (1 + (number - 8) % 50) * 4096;
        if (kept[place]) munmap(kept[place], before);
        kept[place] = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        kept[place][0] = 1;
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

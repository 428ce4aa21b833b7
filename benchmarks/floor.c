/* The floor: what these operations cost in C, with no Python anywhere near.

       floor OPERATION BALLAST_MB CPU          (CPU -1: do not pin)

   It is a worker in small. It makes its ballast, calibrates, and says in one line of JSON that it
   stands; then, for each line with a number N on its standard input, it answers with a line of
   N values and a few baseline values; at the end of its input it proves what it did and ends.

   What is timed is what the probe of the same name times, in the same places:

       pthread      pthread_create of getpid, its run and end, pthread_join
       fork         the call of fork in the parent; the child leaves by _exit at once and is
                    collected after the clock was read
       posix_spawn  posix_spawn of true with an empty environment, its run, its end, waitpid

   The baseline is a call of getpid, timed alike. Loops, the value thrown away at the start of a
   batch, and the number of baseline values follow conclib/probes/_driver.py. */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONG_ENOUGH = 20000, MAX_LOOPS = 1 << 20, BASELINES = 5, MAX_SAMPLES = 10000 };

typedef int64_t timed(void); /* one round: does it, and returns the nanoseconds of its timed part */

static long done, well; /* rounds, and rounds that are proved to have worked */
static char *program;   /* the path of true */

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char *what, int code)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(code));
    exit(1);
}

/* The operations ------------------------------------------------------------------------------ */

static void *thread_program(void *nothing)
{
    (void)nothing;
    return (void *)(intptr_t)getpid();
}

static int64_t once_pthread(void)
{
    pthread_t thread;
    void *returned = NULL;
    int64_t start = now();
    int code = pthread_create(&thread, NULL, thread_program, NULL);
    if (code)
        fail("pthread_create", code);
    pthread_join(thread, &returned);
    int64_t took = now() - start;
    done++;
    well += (intptr_t)returned == getpid();
    return took;
}

static int64_t once_fork(void)
{
    int status = -1;
    int64_t start = now();
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    int64_t took = now() - start;
    if (pid < 0)
        fail("fork", errno);
    waitpid(pid, &status, 0);
    done++;
    well += status == 0;
    return took;
}

static int64_t once_posix_spawn(void)
{
    char *arguments[] = {program, NULL}, *environment[] = {NULL};
    int status = -1;
    pid_t pid;
    int64_t start = now();
    int code = posix_spawn(&pid, program, NULL, NULL, arguments, environment);
    if (code)
        fail("posix_spawn", code);
    waitpid(pid, &status, 0);
    int64_t took = now() - start;
    done++;
    well += status == 0;
    return took;
}

static int64_t once_baseline(void)
{
    int64_t start = now();
    getpid();
    return now() - start;
}

/* Before it is timed -------------------------------------------------------------------------- */

static timed *find(const char *name)
{
    if (!strcmp(name, "pthread"))
        return once_pthread;
    if (!strcmp(name, "fork"))
        return once_fork;
    if (!strcmp(name, "posix_spawn"))
        return once_posix_spawn;
    fprintf(stderr, "floor: no operation %s: pthread, fork, posix_spawn\n", name);
    exit(2);
}

static void pin(int cpu)
{
    cpu_set_t set;
    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set))
        fail("pinning", errno);
}

/* Private anonymous memory in pages of 4 kB, each of them written to. */
static void make_ballast(size_t mb)
{
    size_t size = mb << 20;
    if (!size)
        return;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        fail("ballast", errno);
    madvise(memory, size, MADV_NOHUGEPAGE);
    memset(memory, 1, size);
}

static double resident_mb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* Timing -------------------------------------------------------------------------------------- */

static double value(timed *once, long loops)
{
    int64_t total = 0;
    for (long i = 0; i < loops; i++)
        total += once();
    return (double)total / (double)loops;
}

static long calibrate(timed *once, double *last)
{
    long loops = 1;
    value(once, loops);
    while ((*last = value(once, loops)) * (double)loops < LONG_ENOUGH && loops < MAX_LOOPS)
        loops *= 2;
    return loops;
}

static void print_list(const char *name, const double *list, long n, const char *after)
{
    printf("\"%s\": [", name);
    for (long i = 0; i < n; i++)
        printf("%s%.1f", i ? ", " : "", list[i]);
    printf("]%s", after);
}

/* Measure first, print after: a line is never written between two values. */
static void batch(timed *once, long loops, long samples)
{
    static double values[MAX_SAMPLES], baseline[BASELINES];
    long few = samples < BASELINES ? samples : BASELINES;
    value(once, loops); /* the first one after a pause is too slow */
    for (long i = 0; i < samples; i++) {
        values[i] = value(once, loops);
        if (i < few)
            baseline[i] = value(once_baseline, loops);
    }
    printf("{");
    print_list("values", values, samples, ", ");
    print_list("baseline", baseline, few, ", \"refused\": 0}\n");
    fflush(stdout);
}

int main(int count, char **given)
{
    double last;
    char line[64];
    if (count != 4) {
        fprintf(stderr, "usage: floor pthread|fork|posix_spawn BALLAST_MB CPU\n");
        return 2;
    }
    alarm(60); /* whatever happens, this does not outlive a minute */
    timed *once = find(given[1]);
    program = access("/bin/true", X_OK) ? "/usr/bin/true" : "/bin/true";
    pin(atoi(given[3]));
    make_ballast((size_t)atol(given[2]));
    long loops = calibrate(once, &last);
    printf("{\"loops\": %ld, \"value\": %.1f, \"warmups\": 1, \"resident_mb\": %.2f}\n", loops,
           last, resident_mb());
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        long samples = atol(line);
        if (samples < 1 || samples > MAX_SAMPLES)
            fail("a number of samples was due", EINVAL);
        batch(once, loops, samples);
    }
    printf("{\"done\": %ld, \"well\": %ld}\n", done, well);
    return done && done == well ? 0 : 1;
}

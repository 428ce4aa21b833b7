// Many tasks in one process, for somebody who looks at it from outside: Java's virtual threads.
//
//     java Tasks.java BEATS          (Java 21 or later)
//
// It obeys the same commands as tasks.go, on standard input, and answers on standard output:
//
//                                      up VERSION           the runtime runs
//     wait N                           waiting N            N tasks wait for ever
//     hearts N                         beating N            N tasks give a sign of life each 10 ms
//     call N HOW NS FD                                      N tasks make a call, each once
//     compute N ROUNDS HOW             computed N           N tasks did a fixed amount of work
//
// It ends with its standard input. BEATS holds a row of 264 numbers of 8 bytes for each task: how many
// beats, [1] the number of the OS thread, which Java does not tell, [2] when it was about to call, [6]
// when the call had come back, and from [8] on the times of the last 256 beats. Hearts have the first
// rows, callers those that follow. All virtual threads run on a few "carriers", which are OS threads.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CountDownLatch;

public class Tasks {
    static final int ROW = 264, COUNT = 0, CALLING = 2, BACK = 6, FIRST = 8, KEPT = ROW - FIRST;
    static final long EVERY_MS = 10, FOR_EVER_MS = 3_600_000;

    static LongBuffer rows;
    static int taken = 0;
    static volatile long result;  // of the work: it must be used, else it need not be done

    interface Work {
        void run() throws Exception;
    }

    /** Starts a virtual thread. */
    static void task(Work work) {
        Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (Exception failure) {
                System.err.println("Tasks: " + failure);
                System.exit(1);
            }
        });
    }

    /** Returns the row of one more task. */
    static LongBuffer next() {
        return rows.slice(ROW * taken++, ROW);
    }

    // System.nanoTime() is CLOCK_MONOTONIC on Linux, the clock that all processes share.
    static void beat(LongBuffer own) throws Exception {
        while (true) {
            long count = own.get(COUNT);
            own.put(FIRST + (int) (count % KEPT), System.nanoTime());
            VarHandle.releaseFence();  // whoever sees the new number sees the time, too
            own.put(COUNT, count + 1);
            Thread.sleep(EVERY_MS);  // it is Java that wakes it
        }
    }

    /** Makes one call that takes a while, in one of several ways. */
    static void call(LongBuffer own, String how, long ns, FileInputStream file) throws Exception {
        own.put(CALLING, System.nanoTime());
        switch (how) {
            case "read" -> file.read();  // its OS thread stands in Linux meanwhile
            case "own_sleep" -> Thread.sleep(ns / 1_000_000);  // Java's own sleep
            case "compute" -> {  // no call at all
                long until = System.nanoTime() + ns;
                while (System.nanoTime() < until) {
                    work(100_000);
                }
            }
            case "locked_sleep" -> {  // the same, with a lock held that nobody else wants
                synchronized (new Object()) {
                    Thread.sleep(ns / 1_000_000);
                }
            }
            default -> throw new IllegalArgumentException(how);
        }
        own.put(BACK, System.nanoTime());
    }

    /** Adds up. */
    static void work(int steps) {
        long sum = result;
        for (int i = 0; i < steps; i++) {
            sum = sum * 31 + i;
        }
        result = sum;
    }

    /** Runs the same work in n tasks, and returns when each has begun it, or done it. */
    static void all(int n, Work work, boolean done) throws Exception {
        var left = new CountDownLatch(n);
        for (int i = 0; i < n; i++) {
            task(() -> {
                if (!done) {
                    left.countDown();
                }
                work.run();
                if (done) {
                    left.countDown();
                }
            });
        }
        left.await();
    }

    static void obey(String[] words) throws Exception {
        int n = Integer.parseInt(words[1]);
        switch (words[0]) {
            case "wait" -> {
                all(n, () -> Thread.sleep(FOR_EVER_MS), false);
                System.out.println("waiting " + n);
            }
            case "hearts" -> {
                for (int i = 0; i < n; i++) {
                    var own = next();
                    task(() -> beat(own));
                }
                System.out.println("beating " + n);
            }
            case "call" -> {
                var file = new FileInputStream("/proc/self/fd/" + words[4]);
                for (int i = 0; i < n; i++) {
                    var own = next();
                    task(() -> call(own, words[2], Long.parseLong(words[3]), file));
                }
            }
            case "compute" -> {
                int rounds = Integer.parseInt(words[2]);  // a million steps each
                all(n, () -> {
                    for (int i = 0; i < rounds; i++) {
                        work(1_000_000);
                    }
                }, true);
                System.out.println("computed " + n);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (var file = new RandomAccessFile(arguments[0], "rw")) {
            var memory = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, file.length());
            rows = memory.order(ByteOrder.nativeOrder()).asLongBuffer();
        }
        System.out.println("up Java " + System.getProperty("java.version"));
        var commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            obey(line.trim().split(" +"));
        }
        System.exit(0);
    }
}

// Many tasks in one process, for somebody who looks at it from outside: Go's goroutines.
//
//	tasks BEATS
//
// It reads commands, a line each, from standard input, and answers on standard output:
//
//	                                 up VERSION           the runtime runs
//	wait N                           waiting N            N goroutines wait for ever
//	hearts N                         beating N            N goroutines give a sign of life each 10 ms
//	call N HOW NS FD                                      N goroutines make a call, each once
//	compute N ROUNDS HOW             computed N           N goroutines did a fixed amount of work
//
// It ends with its standard input. Signs of life go into the file BEATS, which others map into their
// memory too: for each task a row of 264 numbers of 8 bytes. They mean: how many beats, the number
// of the OS thread, when it was about to call [2], when the call had come back [6], and from [8] on
// the times of the last 256 beats. Hearts have the first rows, callers those that follow.
package main

import (
	"bufio"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const (
	row     = 264
	count   = 0
	thread  = 1
	calling = 2
	back    = 6
	first   = 8
	kept    = row - first
	every   = 10 * time.Millisecond
)

var (
	rows  []int64 // all rows, one after another
	taken int     // how many rows have an owner
)

// now returns nanoseconds of CLOCK_MONOTONIC, the clock that all processes share.
func now() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func answer(words ...string) {
	os.Stdout.WriteString(strings.Join(words, " ") + "\n")
}

// wait starts goroutines that wait on a channel to which nobody ever sends.
func wait(n int) {
	never := make(chan bool)
	var begun sync.WaitGroup
	begun.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			begun.Done()
			<-never
		}()
	}
	begun.Wait()
	answer("waiting", strconv.Itoa(n))
}

// heart gives a sign of life every 10 ms; in between it is Go that wakes it.
func heart(own []int64) {
	for {
		own[thread] = int64(syscall.Gettid())
		own[first+own[count]%kept] = now()
		own[count]++
		time.Sleep(every)
	}
}

// call makes one call that takes a while, in one of several ways.
func call(own []int64, how string, ns int64, fd int, file *os.File) {
	byte := make([]byte, 1)
	own[thread] = int64(syscall.Gettid())
	own[calling] = now()
	switch how {
	case "read": // the system call itself: Go cannot see what it waits for
		syscall.Read(fd, byte)
	case "nanosleep": // a system call as well
		t := syscall.NsecToTimespec(ns)
		syscall.Nanosleep(&t, nil)
	case "own_read": // Go's own file: it asks Linux to say when there is something to read
		file.Read(byte)
	case "own_sleep": // Go's own sleep
		time.Sleep(time.Duration(ns))
	case "compute": // no call at all
		for until := now() + ns; now() < until; {
			work(0, 1_000_000)
		}
	}
	own[back] = now()
}

// compute does a fixed amount of work in each of n goroutines.
func compute(n, rounds int) {
	var all sync.WaitGroup
	all.Add(n)
	for i := 0; i < n; i++ {
		go func(start int) {
			work(start, rounds*1_000_000)
			all.Done()
		}(i)
	}
	all.Wait()
	answer("computed", strconv.Itoa(n))
}

// work adds up; what comes of it is used, else it need not be computed.
func work(sum, steps int) {
	for j := 0; j < steps; j++ {
		sum = sum*31 + j
	}
	if sum == 1 {
		answer("nothing")
	}
}

// next returns the row of one more task.
func next() []int64 {
	taken++
	return rows[(taken-1)*row : taken*row]
}

// mapped maps the whole of a file into memory, as numbers.
func mapped(path string) []int64 {
	fd, err := syscall.Open(path, syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	fail(err)
	var about syscall.Stat_t
	fail(syscall.Fstat(fd, &about))
	memory, err := syscall.Mmap(fd, 0, int(about.Size), 3, syscall.MAP_SHARED)
	fail(err)
	return unsafe.Slice((*int64)(unsafe.Pointer(&memory[0])), len(memory)/8)
}

func fail(err error) {
	if err != nil {
		os.Stderr.WriteString("tasks: " + err.Error() + "\n")
		os.Exit(1)
	}
}

func obey(words []string) {
	n, _ := strconv.Atoi(words[1])
	switch words[0] {
	case "wait":
		wait(n)
	case "hearts":
		for i := 0; i < n; i++ {
			go heart(next())
		}
		answer("beating", words[1])
	case "call":
		ns, _ := strconv.ParseInt(words[3], 10, 64)
		fd, _ := strconv.Atoi(words[4])
		var file *os.File
		if words[2] == "own_read" {
			file = parked(fd)
		}
		for i := 0; i < n; i++ {
			go call(next(), words[2], ns, fd, file)
		}
	case "compute":
		rounds, _ := strconv.Atoi(words[2])
		compute(n, rounds)
	}
}

// parked opens a descriptor in such a way that to wait for it takes no OS thread.
func parked(fd int) *os.File {
	fail(syscall.SetNonblock(fd, true))
	return os.NewFile(uintptr(fd), "pipe")
}

func main() {
	rows = mapped(os.Args[1])
	answer("up", runtime.Version())
	commands := bufio.NewScanner(parked(0))
	for commands.Scan() {
		obey(strings.Fields(commands.Text()))
	}
}

%% Many tasks in one process, for somebody who looks at it from outside: Erlang's processes.
%%
%%     erl -noshell -eval '...' -extra tasks.erl        (see conclib/models/from_source.py)
%%
%% It obeys the same commands as tasks.go, on standard input, and answers on standard output:
%%
%%                                      up VERSION           the runtime runs
%%     wait N                           waiting N            N tasks wait for ever
%%     hearts N                         beating N            N tasks give a sign of life each 10 ms
%%     call N HOW NS FD                                      N tasks make a call, each once
%%     compute N ROUNDS HOW             computed N           N tasks did a fixed amount of work
%%
%% and says of its tasks, each of which has a row, hearts first:
%%
%%     beat ROW T                       a sign of life, at T ns of the clock CLOCK_MONOTONIC
%%     calls ROW T, back ROW T          before and after its call
%%
%% It ends with its standard input. What Erlang calls a process is a task: all of them run in one
%% process of Linux, on a few OS threads, the schedulers. Reads of files are done by ten more.

-module(tasks).
-export([main/0]).
-define(EVERY, 10).  % ms

%% The clock that all processes share, in nanoseconds.
now_ns() ->
    integer_to_list(os:perf_counter(nanosecond)).

answer(Words) ->
    io:put_chars(lists:join(" ", Words) ++ "\n").

%% A task whose runtime wakes it each 10 ms.
heart(Row) ->
    answer(["beat", Row, now_ns()]),
    receive never -> ok
    after ?EVERY -> heart(Row)
    end.

%% A task that makes one call that takes a while.
call(Row, How, Ns, Path) ->
    answer(["calls", Row, now_ns()]),
    case How of
        "read" ->  % its OS thread stands in Linux meanwhile
            {ok, File} = file:open(Path, [read, raw, binary]),
            {ok, _} = file:read(File, 1);
        "own_sleep" ->  % Erlang's own
            timer:sleep(Ns div 1000000);
        "compute" ->  % no call at all
            compute_until(os:perf_counter(nanosecond) + Ns)
    end,
    answer(["back", Row, now_ns()]).

%% A fixed amount of work: rounds of a million steps, or steps until it is late enough.
compute(0) -> ok;
compute(Rounds) -> count(1000000, 0), compute(Rounds - 1).

compute_until(T) ->
    case os:perf_counter(nanosecond) < T of
        true -> count(100000, 0), compute_until(T);
        false -> ok
    end.

count(0, Sum) -> Sum;
count(Left, Sum) -> count(Left - 1, (Sum * 31 + Left) band 16#ffffffff).

%% Starts N tasks; each says when it has begun or done its work, and is waited for.
all(N, Task) ->
    Me = self(),
    [spawn(fun() -> Task(Me) end) || _ <- lists:seq(1, N)],
    [receive ready -> ok end || _ <- lists:seq(1, N)].

%% Does what a command says; Row is that of the next task.
obey(["wait", N], Row) ->
    all(list_to_integer(N), fun(Me) -> Me ! ready, receive never -> ok end end),
    answer(["waiting", N]),
    Row;
obey(["hearts", N], Row) ->
    Next = Row + list_to_integer(N),
    [spawn(fun() -> heart(integer_to_list(Own)) end) || Own <- lists:seq(Row, Next - 1)],
    answer(["beating", N]),
    Next;
obey(["call", N, How, Ns, Fd], Row) ->
    Next = Row + list_to_integer(N),
    Path = "/proc/self/fd/" ++ Fd,
    [spawn(fun() -> call(integer_to_list(Own), How, list_to_integer(Ns), Path) end)
        || Own <- lists:seq(Row, Next - 1)],
    Next;
obey(["compute", N, Rounds, _], Row) ->
    all(list_to_integer(N), fun(Me) -> compute(list_to_integer(Rounds)), Me ! ready end),
    answer(["computed", N]),
    Row.

serve(Row) ->
    case io:get_line("") of
        eof -> halt(0);
        Line -> serve(obey(string:lexemes(Line, " \n"), Row))
    end.

main() ->
    %% Erlang loads code when it is first used, by reading a file: that would wait behind the readers.
    [{module, _} = code:ensure_loaded(Module) || Module <- [file, timer, string, prim_file]],
    answer(["up", "Erlang", "OTP", erlang:system_info(otp_release)]),
    serve(0).

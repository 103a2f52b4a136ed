using Gatehouse.Bench.Micro;

// dotnet run -c Release --project bench/micro -- <name> [rounds]
Dictionary<string, Action<int>> benchmarks = new(StringComparer.Ordinal)
{
    ["argon2"] = Argon2Benchmark.Run,
    ["argon2-cpu"] = Argon2Benchmark.PrintCpu,
    ["audit-appends"] = AppendBenchmark.Run,
    ["keys"] = KeysBenchmark.Run,
    ["passkeys"] = PasskeyBenchmark.Run,
};

if (args is not [var name, ..] || !benchmarks.TryGetValue(name, out var run))
{
    System.Console.Error.WriteLine($"usage: dotnet run -c Release --project bench/micro -- <{string.Join('|', benchmarks.Keys)}> [rounds]");
    return 2;
}
var rounds = 0; // zero: the benchmark's own number
if (args.Length > 1 && (!int.TryParse(args[1], out rounds) || rounds < 3))
{
    System.Console.Error.WriteLine("rounds is a number of 3 or more");
    return 2;
}
run(rounds);
return 0;

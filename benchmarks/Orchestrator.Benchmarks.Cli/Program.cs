using System.Globalization;
using Orchestrator.Benchmarks;

if (args is ["empty"])
{
    // The baseline: what any .NET program costs that does nothing.
    return;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var testSeconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;

List<(string Name, string Program)> builds = [("as built", Command.Orchestrator)];
if (args.Length > 2)
{
    builds.Add(("compiled ahead", Path.GetFullPath(Path.Combine(args[2], "Orchestrator.Cli.dll"))));
}

await using var repository = await Repository.CreateAsync();
var empty = await Times.OfAsync(rounds, () => Command.RunAsync("empty program", Command.Here, ["empty"]));
Console.WriteLine($"| start-up, quickest of {rounds} | first event, ms | whole command, ms | whole × empty program |");
Console.WriteLine("|---|---:|---:|---:|");
Console.WriteLine($"| an empty .NET program (baseline) | | {empty.Whole:0} | 1.0 |");
foreach (var (name, program) in builds)
{
    var version = await Times.OfAsync(rounds, () => Command.RunAsync("--version", program, ["--version"]));
    Console.WriteLine($"| `orchestrator --version`, {name} | | {version.Whole:0} | {version.Whole / empty.Whole:0.0} |");
    var quick = await Times.OfAsync(rounds, () => repository.RunAsync(program, "grep -q fixed app.txt"));
    Console.WriteLine($"| `orchestrator run` whose tests end at once, {name} | {quick.FirstEvent:0} | {quick.Whole:0} | {quick.Whole / empty.Whole:0.0} |");
}

var test = $"sleep {testSeconds}; grep -q fixed app.txt";
var plain = await Times.OfAsync(2, () => Command.RunAsync("plain test command", "/bin/sh", ["-c", $"sleep {testSeconds}"]));
Console.WriteLine($"\n| a run whose tests take {testSeconds} s | tests by themselves, ms | whole command, ms | beyond the tests, ms | of the whole |");
Console.WriteLine("|---|---:|---:|---:|---:|");
foreach (var (name, program) in builds)
{
    var slow = await Times.OfAsync(3, () => repository.RunAsync(program, test));
    var beyond = slow.Whole - (slow.TestRuns * plain.Whole);
    Console.WriteLine($"| {slow.TestRuns} test runs, {slow.ModelRequests} model requests that are answered at once, {name} | {slow.TestRuns * plain.Whole:0} | {slow.Whole:0} | {beyond:0} | {100 * beyond / slow.Whole:0.0} % |");
}

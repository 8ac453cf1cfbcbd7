using System.Globalization;
using Orchestrator;
using Orchestrator.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var steps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
List<Measurement> rows =
[
    await Measurement.OfAsync("two tasks and a channel (baseline)", steps, ChannelLoop.RunAsync),
    await Measurement.OfAsync("object journal in memory", steps, count => EngineSteps.RunAsync(count, _ => new InMemoryRunJournal())),
];
Console.WriteLine("| row | steps | CPU µs/step | steps/s | bytes allocated/step | bytes retained/step |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|");
foreach (var row in rows)
{
    Console.WriteLine($"| {row.Name} | {row.Steps} | {row.CpuMicroseconds:0.00} | {row.StepsPerSecond:0} | {row.BytesAllocated:0} | {row.BytesRetained:0} |");
}

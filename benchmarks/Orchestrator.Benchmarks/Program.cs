using System.Globalization;
using Orchestrator;
using Orchestrator.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var steps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
var durable = Math.Max(1, steps / 100);
var channel = await Measurement.OfAsync("two tasks and a channel (baseline)", steps, ChannelLoop.RunAsync);
var objects = await Measurement.OfAsync("object journal in memory", steps, count => EngineSteps.RunAsync(count, time => new InMemoryRunJournal(time)));
var encoded = await Measurement.OfAsync("serialised journal in memory", steps, count => EngineSteps.RunAsync(count, time => new SerializedInMemoryRunJournal(time), readBack: true));
var rawSqlite = await Measurement.OfAsync("raw SQLite inserts (baseline)", durable, RawSqlite.RunAsync, rounds: 3);
var sqlite = await Measurement.OfAsync("SQLite journal", durable, SqliteSteps.RunAsync, rounds: 3);

Console.WriteLine("| row | steps | CPU µs/step | × baseline | steps/s | bytes allocated/step | bytes retained/step |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
foreach (var (row, baseline) in new[] { (channel, channel), (objects, channel), (encoded, channel), (rawSqlite, rawSqlite), (sqlite, rawSqlite) })
{
    Console.WriteLine($"| {row.Name} | {row.Steps} | {row.CpuMicroseconds:0.00} | {row.CpuMicroseconds / baseline.CpuMicroseconds:0.0} | {row.StepsPerSecond:0} | {row.BytesAllocated:0} | {row.BytesRetained:0} |");
}

using Orchestrator.Benchmarks.Patching;

Console.WriteLine("Parse and apply, beside 'git apply' as a process on the same patches. Times are medians.");
Console.WriteLine();
GitComparison.Run();
Console.WriteLine();
Scaling.Run(args.Contains("--quick"));

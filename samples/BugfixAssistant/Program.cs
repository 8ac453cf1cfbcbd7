using BugfixAssistant;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupt.Cancel();
};
return await Assistant.RunAsync(args, Console.Out, Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY"), interrupt.Token);

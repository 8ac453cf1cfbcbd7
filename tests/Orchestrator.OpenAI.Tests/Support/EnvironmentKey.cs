namespace Orchestrator.Tests;

/// <summary>A key in an environment variable that no other test uses.</summary>
internal sealed class EnvironmentKey : IDisposable
{
    private static int _count;

    public EnvironmentKey(string? value = null)
    {
        Variable = $"ORCHESTRATOR_TEST_KEY_{Interlocked.Increment(ref _count)}";
        Value = value ?? $"key-{Guid.NewGuid():n}";
        Environment.SetEnvironmentVariable(Variable, Value);
    }

    public string Variable { get; }

    public string Value { get; }

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, null);
}

namespace Orchestrator;

/// <summary>How a test command tells its results.</summary>
public enum TestResultFormat
{
    /// <summary>By whatever reports it leaves, else by its exit code.</summary>
    Auto,

    /// <summary>By TRX reports; none means that no test ran.</summary>
    Trx,

    /// <summary>By JUnit XML reports; none means that no test ran.</summary>
    JUnit,

    /// <summary>By its exit code alone; tests are not told apart.</summary>
    ExitCode,
}

namespace Orchestrator;

/// <summary>One repository: where it is, and how its tests are run.</summary>
/// <param name="Path">The repository's root, or a bare repository; relative to the process's current folder.</param>
public sealed record GitRepositoryOptions(string Path)
{
    /// <summary>The command that runs all tests, given to <c>/bin/sh -c</c> at the root of a checkout; empty if nothing can be verified.</summary>
    /// <remarks>
    /// A <c>dotnet test</c> or <c>pytest</c> in it is made to write a report. Any other command may write TRX or JUnit reports into the folder that the variable
    /// <c>ORCHESTRATOR_RESULTS</c> names, or see <see cref="Reports"/>.
    /// </remarks>
    public string Test { get; init; } = "";

    /// <summary>How a subset of the tests is run; <see langword="null"/> to derive it from <see cref="Test"/> where that is a plain <c>dotnet test</c>, else to run all.</summary>
    public TestSubset? Subset { get; init; }

    /// <summary>The command that prepares a fresh checkout, run once for each; empty for none.</summary>
    public string SetUp { get; init; } = "";

    /// <summary>Ignored paths of the user's checkout (<c>node_modules</c>, <c>.venv</c>) that checkouts get as symbolic links instead of making their own.</summary>
    /// <remarks>Commands can write through the links. Do not combine them with a set-up command that fills the same paths.</remarks>
    public IReadOnlyList<string> LinkedPaths { get; init; } = [];

    /// <summary>How long the test or the set-up command may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many bytes of a command's output are kept: its beginning and, three times as much, its end.</summary>
    public int OutputLimit { get; init; } = 128 * 1024;

    /// <summary>Globs of the files that hold tests.</summary>
    public IReadOnlyList<string> TestFiles { get; init; } = TestFileGlobs.Default;

    /// <summary>How results are told.</summary>
    public TestResultFormat Results { get; init; }

    /// <summary>Globs of untracked report files that the command writes into the checkout (<c>**/surefire-reports/TEST-*.xml</c>). They are deleted before it runs.</summary>
    public IReadOnlyList<string> Reports { get; init; } = [];

    /// <summary>Names of further environment variables that commands may see, beyond the paths, caches and locales that every tool needs; <c>NAME*</c> for a prefix.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The author and committer of the run's commits, as <c>Name &lt;email&gt;</c>.</summary>
    public string Author { get; init; } = "Orchestrator <orchestrator@localhost>";
}

namespace Orchestrator;

/// <summary>Says what a person or a system wants done, where, and within which bounds.</summary>
/// <param name="Goal">What is to be achieved, in the words of whoever asks; must not be empty.</param>
/// <remarks>Immutable. Recorded whole in the run's first event, so it must not hold secrets.</remarks>
public sealed record TaskRequest(string Goal)
{
    /// <summary>The caller's own name for the task, such as a ticket number; empty when it has none.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>The repository and the paths within it that the task is about.</summary>
    public RepoScope Scope { get; init => field = value ?? new(); } = new();

    /// <summary>Rules that workers are told about, in plain words. Rules that must hold belong into policies.</summary>
    public IReadOnlyList<string> Constraints { get; init => field = value ?? []; } = [];

    /// <summary>Logs, reports and other text that helps to understand the task.</summary>
    public IReadOnlyList<TaskRequest.Attachment> Attachments { get; init => field = value ?? []; } = [];

    /// <summary>Free labels, carried through to lists and records.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Limits for this task; what is not set falls back to <see cref="OrchestratorOptions"/>.</summary>
    public Budget Budget { get; init => field = value ?? new(); } = new();

    /// <summary>The name a workflow was registered under; empty is allowed where exactly one is registered.</summary>
    public string Workflow { get; init => field = value ?? ""; } = "";

    /// <summary>Separates the tasks of one customer or team from those of another in lists; empty for none.</summary>
    public string Tenant { get; init => field = value ?? ""; } = "";

    /// <summary>A piece of text that came with a task.</summary>
    /// <param name="Name">What it is called, such as <c>crash.log</c>.</param>
    /// <param name="Text">Its whole text.</param>
    public sealed record Attachment(string Name, string Text);

    /// <summary>Says which repository a task works on, and what in it may be written.</summary>
    public sealed record RepoScope
    {
        /// <summary>The name under which a repository was registered, or its path where the workspace provider takes paths; empty is allowed where exactly one is registered.</summary>
        public string Repo { get; init => field = value ?? ""; } = "";

        /// <summary>Globs of the paths that the task may write (<c>app/drafts/**</c>); empty means the whole repository.</summary>
        public IReadOnlyList<string> Paths { get; init => field = value ?? []; } = [];

        /// <summary>
        /// Ids of tests that must pass in the end, as the repository's test report names them; a run of all tests in which one of them does not pass is not green. Empty where
        /// the workflow is to find out which tests show the problem.
        /// </summary>
        public IReadOnlyList<string> TargetTests { get; init => field = value ?? []; } = [];

        /// <summary>The revision to start from; empty for the repository's current one.</summary>
        public string Revision { get; init => field = value ?? ""; } = "";
    }
}

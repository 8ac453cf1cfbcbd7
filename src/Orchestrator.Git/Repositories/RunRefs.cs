using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>The refs of one run: its epoch, which fences former owners off, its base and its branch.</summary>
/// <remarks>Every change is one transaction of <c>git update-ref</c>, which is refused whole if any ref does not stand where it is said to stand.</remarks>
internal sealed class RunRefs
{
    // Git moves several refs together but shows them one after the other, so a look that falls into another owner's transaction is taken again. Each costs some milliseconds.
    private const int Looks = 20;

    private readonly LocatedRepository _repository;
    private readonly GitCli _git;
    private readonly RunId _run;
    private readonly string _epochObject;

    private RunRefs(LocatedRepository repository, GitCli git, RunId run, string branch, string epochObject, string @base)
    {
        (_repository, _git, _run, _epochObject) = (repository, git, run, epochObject);
        (Branch, Base) = (branch, @base);
    }

    /// <summary>The branch's short name.</summary>
    public string Branch { get; }

    /// <summary>The commit that the run started from.</summary>
    public string Base { get; }

    private string BranchRef => "refs/heads/" + Branch;

    /// <summary>Takes the run's refs over for one owner, and makes them where they do not exist yet.</summary>
    /// <exception cref="RunOwnedException">A later owner has them.</exception>
    public static async ValueTask<RunRefs> TakeAsync(LocatedRepository repository, GitCli git, RunId run, string? @base, long epoch, CancellationToken cancellationToken)
    {
        // A lost race against another owner shows as changed refs; the second look decides between the two by their epochs.
        for (var attempt = 1; ; attempt++)
        {
            var standing = await StandingRefs.ReadAsync(git, run, cancellationToken).ConfigureAwait(false);
            if (standing.Epoch > epoch)
            {
                throw new RunOwnedException(run, "");
            }

            var start = standing.Base ?? @base ?? repository.Commit;
            if (@base is not null && start != @base)
            {
                throw new OrchestratorException($"Run {run} is recorded to have started from {@base}, but its ref in '{repository.Path}' says {start}: this is not the journal or not the repository it belongs to.");
            }

            if (standing is { Epoch: not null, BranchTip: null })
            {
                if (attempt < Looks)
                {
                    continue;
                }

                throw new OrchestratorException(
                    $"The branch '{standing.Branch}' of run {run} is gone from '{repository.Path}'. Bring it back with 'git branch {standing.Branch} <commit>', naming the last commit in the run's record, and resume.");
            }

            var text = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}\nbranch {standing.Branch}\n");
            var blob = (await git.DemandAsync(["hash-object", "-w", "--no-filters", "--stdin"], cancellationToken, Encoding.UTF8.GetBytes(text)).ConfigureAwait(false)).Line;
            var refs = new RunRefs(repository, git, run, standing.Branch, blob, start);
            var moved = await UpdateAsync(
                git,
                $"update {standing.Prefix}epoch {blob} {standing.EpochObject ?? repository.NoObject}",
                $"update {standing.Prefix}base {start} {standing.Base ?? repository.NoObject}",
                standing.BranchTip is null ? $"create {refs.BranchRef} {start}" : $"verify {refs.BranchRef} {standing.BranchTip}").ConfigureAwait(false);
            if (moved.Succeeded)
            {
                return refs;
            }

            if (attempt == Looks)
            {
                throw moved.Failure(repository.Path);
            }
        }
    }

    /// <summary>Moves the branch from one commit to the next.</summary>
    /// <exception cref="RunOwnedException">A later owner has the run, or the branch does not stand where it should.</exception>
    public async ValueTask AdvanceAsync(string from, string to)
    {
        for (var attempt = 1; ; attempt++)
        {
            var moved = await UpdateAsync(_git, $"verify refs/orchestrator/{_run}/epoch {_epochObject}", $"update {BranchRef} {to} {from}").ConfigureAwait(false);
            if (moved.Succeeded)
            {
                return;
            }

            // Why it was refused is read from the refs, not from git's words, which change between versions.
            var standing = await StandingRefs.ReadAsync(_git, _run, CancellationToken.None).ConfigureAwait(false);
            if (standing.EpochObject != _epochObject || standing.BranchTip != from)
            {
                throw new RunOwnedException(_run, "");
            }

            if (attempt == Looks)
            {
                throw moved.Failure(_repository.Path);
            }
        }
    }

    /// <summary>Where the branch stands now.</summary>
    public async ValueTask<string> TipAsync(CancellationToken cancellationToken)
    {
        var tip = await _git.RunAsync(["rev-parse", "--verify", "--quiet", BranchRef + "^{commit}"], cancellationToken).ConfigureAwait(false);
        return tip.Succeeded ? tip.Line : throw new OrchestratorException($"The branch '{Branch}' of run {_run} is gone from '{_repository.Path}'. Bring it back with 'git branch {Branch} <commit>', naming the last commit in the run's record.");
    }

    // Never cancelled: git killed between its two locks would leave them behind, and nobody could move the refs again.
    private static ValueTask<GitOutput> UpdateAsync(GitCli git, params string[] commands) =>
        git.RunAsync(["update-ref", "--no-deref", "--stdin"], CancellationToken.None, Encoding.UTF8.GetBytes($"start\n{string.Join('\n', commands)}\nprepare\ncommit\n"));

    /// <summary>A run's refs as they stand in the repository.</summary>
    private sealed record StandingRefs(string Prefix, string Branch, long? Epoch, string? EpochObject, string? Base, string? BranchTip)
    {
        public static async ValueTask<StandingRefs> ReadAsync(GitCli git, RunId run, CancellationToken cancellationToken)
        {
            var prefix = $"refs/orchestrator/{run}/";
            var (brief, full) = ($"orchestrator/{run.ToString()[^12..]}", $"orchestrator/{run}");
            var lines = (await git.DemandAsync(["for-each-ref", "--format=%(objectname) %(refname)", prefix, "refs/heads/" + brief, "refs/heads/" + full], cancellationToken).ConfigureAwait(false)).Lines;
            var refs = lines.Select(line => line.Split(' ', 2)).ToDictionary(line => line[1], line => line[0]);

            // A new run takes the short name unless another branch has it already; which one it took is written beside the epoch.
            var branch = refs.ContainsKey("refs/heads/" + brief) ? full : brief;
            long? epoch = null;
            if (refs.TryGetValue(prefix + "epoch", out var epochObject))
            {
                var text = await git.DemandAsync(["cat-file", "blob", epochObject], cancellationToken).ConfigureAwait(false);
                var facts = text.Lines.Select(line => line.Split(' ', 2)).ToDictionary(line => line[0], line => line[1]);
                epoch = long.Parse(facts["epoch"], CultureInfo.InvariantCulture);
                branch = facts["branch"];
            }

            return new StandingRefs(prefix, branch, epoch, epochObject, refs.GetValueOrDefault(prefix + "base"), refs.GetValueOrDefault("refs/heads/" + branch));
        }
    }
}

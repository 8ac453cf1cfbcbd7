using System.Text;
using Orchestrator.Patching;

namespace Orchestrator.Engine;

/// <summary>Brings a worker's patch into the run's branch: scope, base, policies, then one commit. Or refuses it with a reason, and nothing has changed.</summary>
internal sealed class PatchLanding(DriveContext drive)
{
    public async Task LandAsync(CallId id, CancellationToken cancellationToken)
    {
        var call = drive.Session.State.Find(id)!;
        var reply = call.Reply!;
        if (drive.Workspace is not { } workspace || call.Base is not { } seen)
        {
            await RefuseAsync(call, CallResult.Failure.Codes.PatchRejected, "There is nothing to patch: no workspace is registered; use UseGit, for example.").ConfigureAwait(false);
            return;
        }

        if (call.IsCommitting && await workspace.FindCommitAsync(id, cancellationToken).ConfigureAwait(false) is { } found)
        {
            // The former owner died between the commit and its receipt.
            await ReceiptAsync(call, reply, found, await workspace.ChangedPathsAsync(drive.Session.State.Head!, found, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        var output = await drive.Session.Payloads.ReadAsync(reply.Output, cancellationToken).ConfigureAwait(false);
        var patch = ProposedPatch.From(output, drive.Registry.PatchOptions);
        if (await FindScopeProblemAsync(call, patch).ConfigureAwait(false))
        {
            return;
        }

        var paths = patch.WrittenPaths.Select(path => RepoPath.Parse(path, null)).Order().ToList();
        var subject = new IPolicy.Subject.OfPatch(id, call.Call, paths, patch.Text(output), patch.Hash);
        var judgement = await drive.Judge.JudgeAsync(subject, id, drive.Session.State, cancellationToken).ConfigureAwait(false);
        if (!await drive.RecordAsync(judgement, id).ConfigureAwait(false))
        {
            return;
        }

        await drive.CommitGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CommitAsync(workspace, call, reply, patch, seen).ConfigureAwait(false);
        }
        finally
        {
            drive.CommitGate.Release();
        }
    }

    private async ValueTask<bool> FindScopeProblemAsync(CallState call, ProposedPatch patch)
    {
        if (patch.Patch is { Problems.Count: > 0 } unreadable)
        {
            await RefuseAsync(call, CallResult.Failure.Codes.PatchRejected, string.Join(" ", unreadable.Problems.Select(problem => problem.Message))).ConfigureAwait(false);
            return true;
        }

        var task = new PathScope(drive.Session.State.Task.Scope.Paths);
        var worker = drive.Registry.WriteScope(call.Call.Capability, call.Call.Version);
        foreach (var path in patch.WrittenPaths)
        {
            if (!RepoPath.TryParse(path, null, out var parsed))
            {
                await RefuseAsync(call, CallResult.Failure.Codes.PatchRejected, $"'{path}' is not a path inside the repository.").ConfigureAwait(false);
                return true;
            }

            var outside = !task.Contains(parsed) ? $"the task may write only {string.Join(", ", task.Globs)}"
                : !worker.Contains(parsed) ? $"'{call.Call.Capability}' may write only {string.Join(", ", worker.Globs)}"
                : null;
            if (outside is not null)
            {
                await RefuseAsync(call, CallResult.Failure.Codes.OutOfScope, $"The patch writes '{path}', but {outside}.").ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }

    private async ValueTask CommitAsync(IWorkspace workspace, CallState call, CallResult reply, ProposedPatch patch, IWorkspace.Revision seen)
    {
        // A commit under way is not cut short: its receipt is worth the milliseconds.
        var none = CancellationToken.None;
        var head = drive.Session.State.Head!;
        var before = await LoadAsync(workspace, seen, patch.ReadPaths, none).ConfigureAwait(false);
        var now = head.Tree == seen.Tree ? before : await LoadAsync(workspace, head, patch.ReadPaths, none).ConfigureAwait(false);
        var listed = await workspace.ListAsync(head, none).ConfigureAwait(false);
        var current = PatchTree.FromDelegates(path => now.GetValueOrDefault(path), () => listed.Select(path => path.Value));
        var seenTree = PatchTree.FromFiles(before);
        var changes = new Dictionary<string, PatchResult.Change>();
        foreach (var part in new[] { patch.Patch, patch.Files.Count > 0 ? patch.WholeFiles(path => now.GetValueOrDefault(path)) : null })
        {
            // Tied to what the worker saw: where the branch has moved on, the edit is carried over or is a conflict, and never lands on a look-alike.
            switch (part is null ? null : part.WithBase(seenTree).Apply(current, seenTree, drive.Registry.PatchOptions))
            {
                case PatchResult.Applied applied:
                    if (applied.Changes.FirstOrDefault(change => changes.ContainsKey(change.Path)) is { } twice)
                    {
                        await RefuseAsync(call, CallResult.Failure.Codes.PatchRejected, $"'{twice.Path}' is both patched and replaced as a whole; do one or the other.").ConfigureAwait(false);
                        return;
                    }

                    applied.Changes.ToList().ForEach(change => changes.Add(change.Path, change));
                    break;
                case PatchResult.Rejected rejected:
                    await RefuseAsync(call, CallResult.Failure.Codes.PatchRejected, rejected.Explanation).ConfigureAwait(false);
                    return;
                case PatchResult.Conflicted conflicted:
                    await RefuseAsync(call, CallResult.Failure.Codes.PatchStale, Describe(conflicted)).ConfigureAwait(false);
                    return;
            }
        }

        if (changes.Count == 0)
        {
            await drive.EndCallAsync(call.Id, reply with { Warnings = [.. reply.Warnings, "The patch changes nothing."] }).ConfigureAwait(false);
            return;
        }

        if (!await drive.RecordAsync(call.Id, new RunEvent.CommitStarted(call.Id, head, patch.Hash)).ConfigureAwait(false))
        {
            return;
        }

        var files = changes.Values.Select(change => new IWorkspace.File(RepoPath.Parse(change.Path, null), change.File?.Content, change.File?.Mode ?? PatchTree.File.Regular)).ToList();
        var message = await CommitMessage.OfAsync(drive, call).ConfigureAwait(false);
        var landed = await workspace.CommitAsync(new IWorkspace.Commit(head, files, message, call.Id, call.Call.Capability), none).ConfigureAwait(false);
        await ReceiptAsync(call, reply, landed, [.. files.Select(file => file.Path).Order()]).ConfigureAwait(false);
    }

    private ValueTask ReceiptAsync(CallState call, CallResult reply, IWorkspace.Revision head, IReadOnlyList<RepoPath> paths) =>
        drive.EndCallAsync(call.Id, reply with { Applied = head }, new RunEvent.CommitEnded(call.Id, head, paths));

    private ValueTask RefuseAsync(CallState call, string code, string reason) =>
        drive.EndCallAsync(call.Id, call.Reply! with { Error = new CallResult.Failure(code, drive.Redactor.Redact(reason)) });

    private static async ValueTask<Dictionary<string, PatchTree.File>> LoadAsync(IWorkspace workspace, IWorkspace.Revision at, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, PatchTree.File>();
        foreach (var path in paths)
        {
            // Folders on the way may be links; the applier has to see those too.
            for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (RepoPath.TryParse(path[..end], null, out var parsed) && !files.ContainsKey(parsed.Value)
                    && await workspace.ReadAsync(at, parsed, cancellationToken).ConfigureAwait(false) is { Bytes: { } bytes } file)
                {
                    files[parsed.Value] = new PatchTree.File(bytes, file.Mode);
                }
            }
        }

        return files;
    }

    /// <summary>Both sides of what changed twice, so that the worker can make its change again on top of what is there.</summary>
    private static string Describe(PatchResult.Conflicted conflicted)
    {
        const int Shown = 5;
        var sides = conflicted.Conflicts.Take(Shown).Select(conflict =>
            $"{conflict.Path}, from line {conflict.BaseLine}:\n<<<<<<< now\n{Text(conflict.Current)}\n=======\n{Text(conflict.Patch)}\n>>>>>>> this change");
        return $"Somebody else changed the same lines while this was being made; make the change again from what is there now.\n{string.Join('\n', sides)}";

        static string Text(ReadOnlyMemory<byte>? side) => side is { } bytes ? Encoding.UTF8.GetString(bytes.Span).TrimEnd('\n') : "(the file is gone)";
    }
}

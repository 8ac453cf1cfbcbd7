using System.Buffers;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Where events live. The only thing that must survive a crash.</summary>
/// <remarks>
/// Safe for concurrent use by any number of runs, hosts and processes. When a method returns, what it wrote is durable. Whatever goes wrong is thrown:
/// a journal never loses anything silently. <c>Orchestrator.Testing</c> has the conformance suite that every implementation must pass.
/// </remarks>
public interface IRunJournal
{
    /// <summary>Appends events to a run: all of them or none. <see cref="RunEvent.Claimed"/> is not among them; <see cref="ClaimAsync"/> appends it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">The appender's claim; zero for a run's very first batch.</param>
    /// <param name="expectedSequence">The run's last sequence as the appender knows it; zero creates the run.</param>
    /// <param name="events">At least one event, numbered from <paramref name="expectedSequence"/> + 1 on.</param>
    /// <param name="cancellationToken">Gives up waiting. Whether the batch was appended is then unknown.</param>
    /// <exception cref="JournalConflictException">The run is not at that sequence, or the epoch is not the newest. Nothing was appended.</exception>
    /// <exception cref="ArgumentException">There are no events, they are not numbered so, or one of them is a claim.</exception>
    ValueTask AppendAsync(RunId run, long epoch, long expectedSequence, IReadOnlyList<RunEvent.Recorded> events, CancellationToken cancellationToken);

    /// <summary>Reads a run's events in order, up to the last one durable when the reading reaches it. A run that does not exist has none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="fromSequence">The first sequence to read; one for all.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    IAsyncEnumerable<RunEvent.Recorded> ReadAsync(RunId run, long fromSequence, CancellationToken cancellationToken);

    /// <summary>Lists runs, the one accepted last first.</summary>
    IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query query, CancellationToken cancellationToken);

    /// <summary>Keeps a blob under the SHA-256 of its content. Putting it again changes nothing.</summary>
    /// <param name="run">The run it belongs to, which may not exist yet: a blob comes before the event that names it.</param>
    /// <param name="hash">SHA-256 of the content, in lower-case hexadecimal.</param>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask PutBlobAsync(RunId run, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Gets a blob of a run, or <see langword="null"/> if there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(RunId run, string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a run over, if nobody holds it or the holder's lease has run out, by appending <see cref="RunEvent.Claimed"/>. A lease that has not run out keeps
    /// everybody out, the same owner under the same name included: only the claim itself can be renewed.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">The host that wants it.</param>
    /// <param name="lease">How long the claim holds unless it is renewed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RunOwnedException">Another host holds it.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    ValueTask<Claim> ClaimAsync(RunId run, string owner, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Prolongs a claim, from now on. Not an event. A lease that has run out can still be renewed while nobody else has claimed the run.</summary>
    /// <returns>Whether the claim still holds; if not, the host must stop at once.</returns>
    ValueTask<bool> RenewAsync(Claim claim, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives a claim back, so that another host need not wait for its end. Does nothing if it is lost already.</summary>
    ValueTask ReleaseAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Keeps a snapshot in place of the one saved before.</summary>
    ValueTask SaveSnapshotAsync(RunId run, Snapshot snapshot, CancellationToken cancellationToken);

    /// <summary>The run's snapshot, or <see langword="null"/> if there is none.</summary>
    ValueTask<Snapshot?> LoadSnapshotAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Puts a command into a run's mailbox, whoever drives the run.</summary>
    /// <returns>The command's number.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    ValueTask<long> PostAsync(RunId run, Command command, CancellationToken cancellationToken);

    /// <summary>The commands in a run's mailbox after a number, in order.</summary>
    ValueTask<IReadOnlyList<Posted>> ReadMailboxAsync(RunId run, long afterNumber, CancellationToken cancellationToken);

    /// <summary>Says that a host may drive a run, and until when unless it renews.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Owner">The host that has it.</param>
    /// <param name="Epoch">One more than the former owner's.</param>
    /// <param name="Sequence">Sequence of the <see cref="RunEvent.Claimed"/> event.</param>
    sealed record Claim(RunId Run, string Owner, long Epoch, long Sequence);

    /// <summary>A cached fold of a run. It may be missing or thrown away at any time; the events are the truth.</summary>
    /// <param name="Sequence">The last event that it contains.</param>
    /// <param name="FoldVersion">The version of the fold that made it; another version ignores it.</param>
    /// <param name="Content">The state, opaque to the journal.</param>
    sealed record Snapshot(long Sequence, int FoldVersion, ReadOnlyMemory<byte> Content);

    /// <summary>What somebody outside wants of a run. It waits in the run's mailbox until the owner turns it into an event, exactly once.</summary>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
    [JsonDerivedType(typeof(Cancel), "cancel")]
    [JsonDerivedType(typeof(Answer), "answer")]
    [JsonDerivedType(typeof(RaiseBudget), "raise_budget")]
    abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Ends the run.</summary>
        public sealed record Cancel(string Reason) : Command;

        /// <summary>Answers the question that a call asked.</summary>
        public sealed record Answer(CallId Call, string Text, string By) : Command;

        /// <summary>Replaces those limits that the budget sets.</summary>
        public sealed record RaiseBudget(Budget Budget) : Command;

        /// <summary>Reads a command from the JSON that <see cref="WriteJson"/> wrote.</summary>
        /// <exception cref="JournalCorruptException">It is not a command that this version knows.</exception>
        public static Command ReadJson(ReadOnlySpan<byte> json) => RunEventJson.ReadCommand(json);

        /// <summary>Writes this command as JSON in UTF-8.</summary>
        public void WriteJson(IBufferWriter<byte> output) => RunEventJson.Write(this, output);
    }

    /// <summary>A command in a run's mailbox.</summary>
    /// <param name="Number">One and up, per run, in the order of arrival. The event that a command becomes carries it.</param>
    /// <param name="Command">What is wanted.</param>
    sealed record Posted(long Number, Command Command);
}

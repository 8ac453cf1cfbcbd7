using System.Globalization;
using Orchestrator;

// Run by tests as another process: appends to a run that it claims, or posts mail, on a journal that others use at the same time.
if (args is not [var verb, var path, var text, var times])
{
    await Console.Error.WriteLineAsync("append|mail|claim <journal> <run> <times>");
    return 2;
}

await using var journal = new SqliteRunJournal(path);
var run = RunId.Parse(text);
var count = int.Parse(times, CultureInfo.InvariantCulture);
switch (verb)
{
    case "append":
        // Takes turns with the other processes on one run: whoever finds the run's end first gets its event in.
        for (var i = 0; i < count; i++)
        {
            var mine = new RunId(Guid.Parse(text));
            IRunJournal.Claim? claim = null;
            while (claim is null)
            {
                try
                {
                    claim = await journal.ClaimAsync(mine, $"process {Environment.ProcessId}", TimeSpan.FromMinutes(5), default);
                }
                catch (RunOwnedException)
                {
                    await Task.Yield();
                }
            }

            var note = new RunEvent.Noted("process", 1, System.Text.Json.JsonElement.Parse("1"));
            await journal.AppendAsync(mine, claim.Epoch, claim.Sequence, [new RunEvent.Recorded(claim.Sequence + 1, default, note)], default);
            await journal.ReleaseAsync(claim, default);
        }

        return 0;
    case "mail":
        for (var i = 0; i < count; i++)
        {
            await journal.PostAsync(run, new IRunJournal.Command.Cancel("another process"), default);
        }

        return 0;
    case "die":
        // Dies without a word in the middle of its work, holding the claim.
        var last = await journal.ClaimAsync(run, "doomed", TimeSpan.FromMinutes(5), default);
        for (var i = 0; i < count; i++)
        {
            await journal.AppendAsync(run, last.Epoch, last.Sequence + i, [new RunEvent.Recorded(last.Sequence + i + 1, default, new RunEvent.Paused($"{i}"))], default);
        }

        Environment.FailFast("This process was asked to die.");
        return 1;
    default:
        return 2;
}

using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator answer</c>: answers a question that a run waits for.</summary>
internal static class AnswerCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var call = new Argument<string>("call") { Description = "The call that asks, such as c4." };
        var answer = new Argument<string>("answer") { Description = "The answer; one of the options, where the question has some." };
        var by = new Option<string?>("--by") { Description = "Who answers, for the record; by default the user's name.", HelpName = "NAME" };
        return OneRun.Command(surroundings, "answer", "Answers a question that a run waits for; 'show' lists them.", async (run, interrupt) =>
        {
            var text = run.Parsed.GetValue(call)!;
            var id = CallId.TryParse(text, null, out var parsed) ? parsed : throw CliException.BadInput($"'{text}' is not a call; write it as 'orchestrator show {run.Short}' does, such as c4.");
            try
            {
                await run.Orchestrator.AnswerAsync(run.Run.Run, id, run.Parsed.GetValue(answer)!, run.Parsed.GetValue(by) ?? surroundings.Variable("USER") ?? "", interrupt).ConfigureAwait(false);
            }
            catch (OrchestratorException e) when (e.GetType() == typeof(OrchestratorException))
            {
                throw CliException.BadInput(e.Message, e);
            }

            var resume = run.Run.Owner.Length == 0 ? $"orchestrator resume {run.Short}{run.JournalHint}" : null;
            if (run.Json)
            {
                await CliJson.WriteAsync(surroundings.Out, new { type = "answer", run = run.Run.Run.ToString(), call = id.ToString(), resume }).ConfigureAwait(false);
            }
            else
            {
                await surroundings.Out.WriteLineAsync(resume is null ? "Answered." : $"Answered. Go on with: {resume}").ConfigureAwait(false);
            }

            return ExitCode.Succeeded;
        }, call, answer, by);
    }
}

using System.Text.Json.Serialization;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Generated metadata for everything that stands in journals and on the wire between decider and engine.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(PlanStep))]
[JsonSerializable(typeof(WorkerCall))]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(TestReport))]
[JsonSerializable(typeof(TestReport.Evidence))]
[JsonSerializable(typeof(Person.Question))]
[JsonSerializable(typeof(Verify.Input), TypeInfoPropertyName = "VerifyInput")]
[JsonSerializable(typeof(Verify.Output), TypeInfoPropertyName = "VerifyOutput")]
[JsonSerializable(typeof(Person.Output), TypeInfoPropertyName = "PersonOutput")]
[JsonSerializable(typeof(IRunJournal.Command))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(RunEvent.Accepted), TypeInfoPropertyName = "RunAccepted")]
[JsonSerializable(typeof(RunEvent.Claimed), TypeInfoPropertyName = "RunClaimed")]
[JsonSerializable(typeof(RunEvent.WorkspaceOpened))]
[JsonSerializable(typeof(RunEvent.DecisionMade))]
[JsonSerializable(typeof(RunEvent.DecisionDeferred))]
[JsonSerializable(typeof(RunEvent.DecisionRejected))]
[JsonSerializable(typeof(RunEvent.VerdictGiven))]
[JsonSerializable(typeof(RunEvent.CallCreated))]
[JsonSerializable(typeof(RunEvent.CallStarted))]
[JsonSerializable(typeof(RunEvent.FilesRead))]
[JsonSerializable(typeof(RunEvent.AttemptStarted))]
[JsonSerializable(typeof(RunEvent.AttemptEnded))]
[JsonSerializable(typeof(RunEvent.CallReplied))]
[JsonSerializable(typeof(RunEvent.CommitStarted))]
[JsonSerializable(typeof(RunEvent.CommitEnded))]
[JsonSerializable(typeof(RunEvent.CallEnded))]
[JsonSerializable(typeof(RunEvent.QuestionAsked))]
[JsonSerializable(typeof(RunEvent.QuestionAnswered))]
[JsonSerializable(typeof(RunEvent.CancelRequested))]
[JsonSerializable(typeof(RunEvent.BudgetRaised))]
[JsonSerializable(typeof(RunEvent.CommandRefused))]
[JsonSerializable(typeof(RunEvent.Paused), TypeInfoPropertyName = "RunPaused")]
[JsonSerializable(typeof(RunEvent.LimitReached))]
[JsonSerializable(typeof(RunEvent.Finished), TypeInfoPropertyName = "RunFinished")]
[JsonSerializable(typeof(RunEvent.Noted))]
[JsonSerializable(typeof(Payload))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(WorkerCall.Receipt))]
[JsonSerializable(typeof(string))]
internal sealed partial class CoreJsonContext : JsonSerializerContext;

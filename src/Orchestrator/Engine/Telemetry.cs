using System.Diagnostics;

namespace Orchestrator.Engine;

/// <summary>Spans for those who trace: one for each drive of a run and one for each call. The run's id is on every one. They are views; the journal is the truth.</summary>
internal static class Telemetry
{
    private static readonly ActivitySource Source = new("Orchestrator");

    public static Activity? Drive(RunId run) => Source.StartActivity("orchestrator.run")?.SetTag("orchestrator.run_id", run.ToString());

    public static Activity? Call(RunId run, CallState call) => Source.HasListeners()
        ? Source.StartActivity("orchestrator.call")?
            .SetTag("orchestrator.run_id", run.ToString())
            .SetTag("orchestrator.call_id", call.Id.ToString())
            .SetTag("orchestrator.capability", call.Call.Capability)
        : null;
}

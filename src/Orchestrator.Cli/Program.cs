using System.Globalization;
using System.Runtime.InteropServices;
using Orchestrator.Cli;

// What is written is read by scripts too, so it is the same everywhere.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

using var interrupt = new CancellationTokenSource();

void Stop(PosixSignalContext signal)
{
    // The first one stops in good order; the second one is left to the system, which ends the process at once. The journal stands both.
    if (!interrupt.IsCancellationRequested)
    {
        signal.Cancel = true;
        interrupt.Cancel();
    }
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.RunAsync(args, Surroundings.OfThisProcess(), interrupt.Token).ConfigureAwait(false);

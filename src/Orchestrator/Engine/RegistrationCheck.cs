using Microsoft.Extensions.Hosting;

namespace Orchestrator.Engine;

/// <summary>Makes the orchestrator when the host starts, which checks all that was registered.</summary>
internal sealed class RegistrationCheck(Func<object> resolve) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        resolve();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

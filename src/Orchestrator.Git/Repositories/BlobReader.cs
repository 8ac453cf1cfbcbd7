using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Orchestrator;

/// <summary>Reads objects through one long-lived <c>git cat-file --batch</c>, started when first needed and again whenever it has died.</summary>
internal sealed class BlobReader(GitCli git) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;
    private Stream? _answers;

    /// <summary>Reads one object by its id.</summary>
    /// <exception cref="OrchestratorException">The repository does not have it.</exception>
    public async ValueTask<byte[]> ReadAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            try
            {
                return await AskAsync(id, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The process was killed from outside, by an interrupt in the terminal for example; a second one answers or git is broken.
                Stop();
                return await AskAsync(id, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException failure)
        {
            Stop();
            throw new OrchestratorException($"Git ended while it was reading object {id}; check the repository with 'git fsck'.", failure);
        }
        catch
        {
            // Half an answer may be left in the pipe, so this process cannot be asked again.
            Stop();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        Stop();
        _turn.Release();
    }

    private async ValueTask<byte[]> AskAsync(string id, CancellationToken cancellationToken)
    {
        _process ??= Start();
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.ASCII.GetBytes(id + "\n"), cancellationToken).ConfigureAwait(false);
        await _process.StandardInput.BaseStream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var answer = (await ReadLineAsync(_answers!, cancellationToken).ConfigureAwait(false)).Split(' ');
        if (answer is not [_, _, var size] || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            throw new OrchestratorException($"Object {id} is not in the repository. If it was cloned partially or damaged, fetch it whole and resume.");
        }

        var bytes = new byte[length];
        await _answers!.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        await _answers!.ReadExactlyAsync(new byte[1], cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private Process Start()
    {
        var process = git.Start(["cat-file", "--batch"]);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        _answers = new BufferedStream(process.StandardOutput.BaseStream, 64 * 1024);
        return process;
    }

    private void Stop()
    {
        if (_process is { } process)
        {
            GitCli.Kill(process);
            process.Dispose();
            _process = null;
        }
    }

    private static async ValueTask<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var letter = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(letter, cancellationToken).ConfigureAwait(false);
            if (letter[0] == '\n')
            {
                return line.ToString();
            }

            line.Append((char)letter[0]);
        }
    }
}

using System.Diagnostics;

namespace WebHost;

/// <summary>A shell script with a bug, its tests, and a git history: small enough that a whole run takes seconds.</summary>
internal static class SampleRepository
{
    public const string Test = "for each in tests/*.sh; do sh -e \"$each\" || exit 1; done";

    private const string LayOut = """
        set -e
        git init --quiet --initial-branch=main .
        mkdir tests
        cat > slug.sh <<'end'
        # Prints the file name of a draft, made from its title.
        title=$1
        printf '%s.txt\n' "$(printf '%s' "$title" | tr 'A-Z ' 'a-z-')"
        end
        cat > tests/slug.sh <<'end'
        test "$(sh slug.sh 'My Plan')" = my-plan.txt
        test "$(sh slug.sh '')" = untitled.txt
        end
        git add --all
        git -c user.name=Sample -c user.email=sample@localhost -c commit.gpgSign=false commit --quiet --message 'Name drafts'
        """;

    /// <summary>Lays it out, unless an earlier start of the application did.</summary>
    /// <returns>Where it is.</returns>
    public static async Task<string> LayOutAsync(string folder)
    {
        var checkout = Path.Combine(folder, "app");
        if (!Directory.Exists(checkout))
        {
            // Under another name until it is whole; a start that was killed may have left a part of it.
            var unfinished = checkout + ".new";
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            Directory.CreateDirectory(unfinished);
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", LayOut]) { WorkingDirectory = unfinished })!;
            await shell.WaitForExitAsync();
            Directory.Move(shell.ExitCode == 0 ? unfinished : throw new InvalidOperationException($"The sample could not be laid out in '{folder}'; is git installed?"), checkout);
        }

        return checkout;
    }
}

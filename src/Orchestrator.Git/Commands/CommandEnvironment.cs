using System.Collections;
using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Chooses what of this process's environment a command may see: where tools and caches are, nothing that opens a door.</summary>
internal static partial class CommandEnvironment
{
    private static readonly string[] Allowed =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TZ", "TERM", "TMPDIR", "TMP", "TEMP", "XDG_*",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT",
        "DOTNET_*", "NUGET_*", "MSBUILD*", "UseSharedCompilation", "JAVA_HOME", "JAVA_OPTS", "MAVEN_*", "M2_HOME", "GRADLE_*", "ANDROID_HOME",
        "NODE_*", "NPM_CONFIG_*", "npm_config_*", "NVM_*", "PNPM_HOME", "YARN_*", "BUN_INSTALL", "DENO_DIR",
        "PYTHON*", "PYENV_*", "PIP_*", "UV_*", "VIRTUAL_ENV", "CONDA_PREFIX", "POETRY_*", "GOPATH", "GOROOT", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY", "GOTOOLCHAIN",
        "CARGO_HOME", "CARGO_TARGET_DIR", "RUSTUP_*", "RUSTFLAGS", "GEM_HOME", "GEM_PATH", "BUNDLE_PATH", "CC", "CXX", "CMAKE_*", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        // Windows cannot start a program without these.
        "SYSTEMROOT", "SystemRoot", "COMSPEC", "ComSpec", "PATHEXT", "WINDIR", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "ProgramFiles*", "USERPROFILE", "NUMBER_OF_PROCESSORS",
    ];

    /// <summary>The variables of one command.</summary>
    /// <param name="added">Further names that the repository's settings allow; what is named there in full is passed on whatever it holds.</param>
    /// <param name="mark">The mark of the command's processes.</param>
    public static Dictionary<string, string> Choose(IReadOnlyList<string> added, string mark)
    {
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => ((string)entry.Key, (string?)entry.Value ?? "")))
        {
            if (added.Contains(name, StringComparer.Ordinal)
                || ((Allowed.Any(pattern => Matches(pattern, name)) || added.Any(pattern => Matches(pattern, name))) && !SecretName().IsMatch(name) && !UserInAddress().IsMatch(value)))
            {
                chosen[name] = value;
            }
        }

        // Build servers outlive the build, serve other builds too, and would be ended with the command: nothing is shared with the user's own.
        chosen["MSBUILDDISABLENODEREUSE"] = "1";
        chosen["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        chosen["UseSharedCompilation"] = "false";
        chosen["MSBUILDTERMINALLOGGER"] = "off";
        chosen["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        chosen["DOTNET_NOLOGO"] = "1";
        chosen[ProcessTree.MarkVariable] = mark;
        return chosen;
    }

    private static bool Matches(string pattern, string name) => pattern[^1] == '*'
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : string.Equals(pattern, name, StringComparison.Ordinal);

    [GeneratedRegex("TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|PRIVATE|_AUTH|_PAT$|_KEY$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex("://[^/@\\s]*@")]
    private static partial Regex UserInAddress();
}

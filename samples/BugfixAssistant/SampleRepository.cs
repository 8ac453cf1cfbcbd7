using System.Diagnostics;

namespace BugfixAssistant;

/// <summary>A small C# application with a git history of its own, in which saving a draft without a title crashes.</summary>
internal static class SampleRepository
{
    public const string CrashLog = """
        Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
           at Drafts.DraftStore.Save(Draft draft)
        """;

    private const string Store = """
        namespace Drafts;

        /// <summary>Keeps drafts by their titles.</summary>
        public sealed class DraftStore
        {
            private readonly Dictionary<string, Draft> _drafts = [];

            public int Count => _drafts.Count;

            public string Save(Draft draft)
            {
                var title = draft.Title!.Trim();
                _drafts[title] = draft;
                return title;
            }
        }

        """;

    private const string Tests = """
        using Drafts;
        using Xunit;

        public sealed class DraftStoreTests
        {
            [Fact]
            public void A_draft_is_saved_under_its_trimmed_title() => Assert.Equal("Plan", new DraftStore().Save(new Draft(" Plan ", "text")));

            [Fact]
            public void A_draft_without_a_title_is_saved_as_untitled() => Assert.Equal("Untitled", new DraftStore().Save(new Draft(null, "text")));
        }

        """;

    private const string TestProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
            <PackageReference Include="xunit" Version="2.9.3" />
            <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
            <ProjectReference Include="../../src/Drafts/Drafts.csproj" />
          </ItemGroup>
        </Project>

        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
        </Project>

        """;

    public static async Task CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Write(folder, ".gitignore", "bin/\nobj/\n");
        Write(folder, "README.md", "# Drafts\n\nKeeps drafts by their titles.\n");
        await GitAsync(folder, "init --quiet --initial-branch=main", cancellationToken);
        await CommitAsync(folder, "Start", cancellationToken);
        Write(folder, "src/Drafts/Drafts.csproj", Project);
        Write(folder, "src/Drafts/Draft.cs", "namespace Drafts;\n\npublic sealed record Draft(string? Title, string Text);\n");
        Write(folder, "src/Drafts/DraftStore.cs", Store);
        await CommitAsync(folder, "Keep drafts", cancellationToken);
        Write(folder, "tests/Drafts.Tests/Drafts.Tests.csproj", TestProject);
        Write(folder, "tests/Drafts.Tests/DraftStoreTests.cs", Tests);
        await CommitAsync(folder, "Test the draft store", cancellationToken);
    }

    private static void Write(string folder, string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private static async Task CommitAsync(string folder, string message, CancellationToken cancellationToken)
    {
        await GitAsync(folder, "add --all", cancellationToken);
        await GitAsync(folder, $"-c user.name=Sample -c user.email=sample@localhost -c commit.gpgSign=false commit --quiet --message \"{message}\"", cancellationToken);
    }

    private static async Task GitAsync(string folder, string arguments, CancellationToken cancellationToken)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        await git.WaitForExitAsync(cancellationToken);
        if (git.ExitCode != 0)
        {
            throw new InvalidOperationException($"'git {arguments}' failed; is git installed?");
        }
    }
}

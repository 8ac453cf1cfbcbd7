using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests;

/// <summary>House rules that no compiler knows.</summary>
public sealed partial class ConsistencyTests
{
    private const int MostLines = 400;

    /// <summary>The packages that each package of ours may lean on. A package that is not named here may lean on none.</summary>
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Orchestrator"] =
        [
            "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.FileSystemGlobbing",
            "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Polly.Core",
        ],
        ["Orchestrator.Sqlite"] = ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3"],
        ["Orchestrator.PostgreSql"] = ["Npgsql"],
        ["Orchestrator.Roslyn"] = ["Microsoft.CodeAnalysis.CSharp.Workspaces"],
        ["Orchestrator.OpenAI"] = ["OpenAI"],
        ["Orchestrator.SemanticKernel"] = ["Microsoft.SemanticKernel", "Microsoft.SemanticKernel.Abstractions", "Microsoft.SemanticKernel.Agents.Core", "Microsoft.SemanticKernel.Agents.Abstractions"],
        ["Orchestrator.Testing"] = ["Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Logging.Abstractions"],
        ["Orchestrator.Cli"] = ["Anthropic", "Microsoft.Extensions.DependencyInjection", "System.CommandLine", "Spectre.Console"],
    };

    public static TheoryData<string> Unions => [.. UnionNames];

    private static IEnumerable<string> UnionNames => PublicTypes().Where(IsUnion).Select(type => type.FullName!);

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines() => None(
        SourceTree.Files().Where(file => File.ReadLines(file).Count() > MostLines).Select(SourceTree.Relative));

    [Fact]
    public void A_class_in_several_files_is_as_long_as_all_of_them_together() => None(
        SourceTree.Files()
            .SelectMany(file => Partial().Matches(File.ReadAllText(file)).Select(match => (Package: SourceTree.Relative(file).Split('/')[0], Name: match.Groups["name"].Value, File: file)))
            .Distinct()
            .GroupBy(each => (each.Package, each.Name))
            .Where(files => files.Sum(each => File.ReadLines(each.File).Count()) > MostLines)
            .Select(files => files.Key));

    [Fact]
    public void Public_classes_are_sealed_abstract_or_static() => None(
        PublicTypes().Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && type != typeof(OrchestratorException)));

    [Fact]
    public void No_type_has_a_name_that_clashes() => None(
        SourceTree.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name is "Orchestrator" or "TaskStatus" or "Policy" || (type.Name is "Log" or "Task" or "Activity" && type.IsPublic)));

    [Fact]
    public void There_are_few_namespaces()
    {
        string[] allowed = ["Orchestrator", "Orchestrator.Contracts", "Orchestrator.Patching", "Orchestrator.Testing", "Microsoft.Extensions.DependencyInjection"];

        None(PublicTypes().Where(type => !allowed.Contains(type.Namespace)));
    }

    [Fact]
    public void Patching_knows_nothing_of_the_rest()
    {
        var patching = typeof(RunEvent).Assembly.GetTypes().Where(type => type.Namespace == "Orchestrator.Patching" && !IsGenerated(type)).ToList();
        var files = Directory.Exists(Path.Combine(SourceTree.Source, "Orchestrator", "Patching")) ? SourceTree.Files("Orchestrator/Patching").ToList() : [];

        None(patching.SelectMany(type => TypesNamedBy(type).Where(named => IsOurs(named) && named.Namespace != "Orchestrator.Patching").Select(named => $"{type.Name} names {named.Name}")));
        None(files.Where(file => !NamespaceOf(file).StartsWith("Orchestrator.Patching", StringComparison.Ordinal)).Select(SourceTree.Relative));

        // Bodies cannot be seen by reflection; the words of the other chapters can be seen in the text.
        var own = patching.Select(type => type.Name).ToHashSet();
        var others = typeof(RunEvent).Assembly.GetExportedTypes()
            .Where(type => type is { IsNested: false, Namespace: "Orchestrator" } && type.Name.Length > 4 && !own.Contains(type.Name))
            .Select(type => Regex.Escape(type.Name.Split('`')[0]));
        var words = new Regex($@"\b({string.Join('|', others)})\b", RegexOptions.CultureInvariant);
        None(files.SelectMany(file => words.Matches(WithoutComments(File.ReadAllText(file))).Select(match => $"{SourceTree.Relative(file)} names {match.Value}")));
    }

    [Fact]
    public void Only_its_own_chapter_and_the_wiring_name_the_engine() => None(
        SourceTree.Files()
            .Where(file => SourceTree.Relative(file).Split('/') is not (["Orchestrator", "Engine" or "DependencyInjection", ..] or ["Orchestrator.Testing", ..]))
            .Where(file => WithoutComments(File.ReadAllText(file)).Contains("Orchestrator.Engine", StringComparison.Ordinal))
            .Select(SourceTree.Relative));

    [Fact]
    public void Nothing_of_the_engine_is_public() => None(PublicTypes().Where(type => type.Namespace?.StartsWith("Orchestrator.Engine", StringComparison.Ordinal) == true));

    [Fact]
    public void Public_asynchronous_methods_say_so_and_can_be_cancelled() => None(
        from type in PublicTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where IsAsynchronous(method.ReturnType) && method.Name != nameof(IAsyncDisposable.DisposeAsync) && !method.IsSpecialName
            && method.GetBaseDefinition().DeclaringType is { } origin && IsOurs(origin)
        where !method.Name.EndsWith("Async", StringComparison.Ordinal)
            || method.GetParameters() is not [.., { Name: "cancellationToken" } last] || last.ParameterType != typeof(CancellationToken)
        select $"{type.Name}.{method.Name}");

    [Theory]
    [MemberData(nameof(Unions))]
    public void Every_case_of_a_closed_union_is_sealed_and_stands_in_it(string union)
    {
        var type = SourceTree.Assemblies.Select(assembly => assembly.GetType(union)).OfType<Type>().Single();
        var cases = SourceTree.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(each => each.IsSubclassOf(type)).ToList();

        Assert.True(cases.Count > 1, $"{union} has fewer than two cases.");
        Assert.All(cases, each => Assert.True(each.IsSealed && each.DeclaringType == type, $"{each.FullName} is no sealed case inside {union}."));
    }

    [Fact]
    public void The_unions_of_the_design_are_found() => Assert.Superset(
        new HashSet<string> { typeof(RunEvent).FullName!, typeof(Decision).FullName!, typeof(Verdict).FullName!, typeof(IRunJournal.Command).FullName!, typeof(IPolicy.Subject).FullName! },
        UnionNames.ToHashSet());

    [Fact]
    public void Leaf_packages_do_not_lean_on_one_another() => None(
        from project in SourceTree.Projects()
        where Path.GetFileNameWithoutExtension(project) != "Orchestrator.Cli"
        from reference in SourceTree.ProjectReferences(project)
        where reference != "Orchestrator"
        select $"{Path.GetFileNameWithoutExtension(project)} references {reference}");

    [Fact]
    public void Packages_lean_on_what_the_design_allows_and_nothing_else() => None(
        from project in SourceTree.Projects()
        let name = Path.GetFileNameWithoutExtension(project)
        from package in SourceTree.PackageReferences(project)
        where !AllowedPackages.GetValueOrDefault(name, []).Contains(package)
        select $"{name} references {package}");

    /// <remarks>A record that describes one thing, such as a repository, may say as much of it as there is to say.</remarks>
    [Fact]
    public void Options_stay_few() => None(
        PublicTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetMethod("<Clone>$") is null && type.GetProperties().Length > 8));

    [Fact]
    public void No_machine_is_named_in_the_source() => None(
        SourceTree.Files().Concat(SourceTree.Projects()).Where(file => MachinePath().IsMatch(File.ReadAllText(file))).Select(SourceTree.Relative));

    /// <summary>Shows every offender at once, where an assertion on the collection shows the first five.</summary>
    private static void None<T>(IEnumerable<T> offenders)
    {
        var all = offenders.Select(offender => $"{offender}").Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static IEnumerable<Type> PublicTypes() => SourceTree.Assemblies.SelectMany(assembly => assembly.GetExportedTypes());

    /// <summary>An abstract record that nobody outside can derive from.</summary>
    private static bool IsUnion(Type type) => type is { IsAbstract: true, IsSealed: false, IsInterface: false }
        && type.GetMethod("<Clone>$") is not null
        && type.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Any(constructor => constructor.IsPrivate);

    private static bool IsOurs(Type type) => SourceTree.Assemblies.Contains(type.Assembly);

    private static bool IsGenerated(Type type) => type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null || type.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsAsynchronous(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is { } generic
            && (generic == typeof(Task<>) || generic == typeof(ValueTask<>) || generic == typeof(IAsyncEnumerable<>)));

    private static IEnumerable<Type> TypesNamedBy(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> named =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(field => field.FieldType),
            .. type.GetProperties(All).Select(property => property.PropertyType),
            .. type.GetMethods(All).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
            .. type.GetConstructors(All).SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)),
        ];
        return named.OfType<Type>().SelectMany(each => each.IsGenericType ? each.GetGenericArguments().Append(each) : [each]).Select(each => each.HasElementType ? each.GetElementType()! : each).Distinct();
    }

    private static string NamespaceOf(string file) => DeclaredNamespace().Match(File.ReadAllText(file)).Groups["name"].Value;

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"\bpartial\s+(class|struct|record|interface)\s+(?<name>\w+)")]
    private static partial Regex Partial();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"//.*?$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(/home/|/Users/|[^\w][A-Z]:\\)")]
    private static partial Regex MachinePath();
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gatehouse.Architecture.Source;

/// <summary>
/// One of the product's projects, compiled again in memory so that rules can ask what a name means. Made of the files on disk and, for what
/// generators add, of the sources embedded in the built assembly's symbols.
/// </summary>
internal static class ProductCompilation
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, DocumentationMode.Parse);
    private static readonly Lazy<CSharpCompilation> TheKernel = new(() => Compile("Gatehouse.Kernel", "Gatehouse.Kernel"));
    private static readonly Lazy<CSharpCompilation> TheStorage = new(() => Compile("Gatehouse.Storage", "Gatehouse.Storage"));
    private static readonly Lazy<CSharpCompilation> TheServer = new(() => Compile("Gatehouse.Server", "Gatehouse.Server"));
    private static readonly Lazy<CSharpCompilation> TheHost = new(() => Compile("Gatehouse.Host", "gatehouse"));

    private static readonly ConditionalWeakTable<CSharpCompilation, ConcurrentDictionary<SyntaxTree, SemanticModel>> Models = [];

    internal static CSharpCompilation Kernel => TheKernel.Value;
    internal static CSharpCompilation Storage => TheStorage.Value;
    internal static CSharpCompilation Server => TheServer.Value;
    internal static CSharpCompilation Host => TheHost.Value;

    internal static string ServerRoot { get; } = Repository.PathOf("src/Gatehouse.Server");

    /// <summary>A product of a few files in memory: where faults are planted.</summary>
    internal static CSharpCompilation FromMemory(params IEnumerable<(string Path, string Text)> files) =>
        Create("planted", files.Select(f => Parse(f.Text, f.Path)), except: "");

    /// <summary>What names mean in one file. A model remembers what it has bound, so all rules ask the same one.</summary>
    internal static SemanticModel ModelOf(CSharpCompilation compilation, SyntaxTree tree) =>
        Models.GetOrCreateValue(compilation).GetOrAdd(tree, static (t, c) => c.GetSemanticModel(t), compilation);

    internal static bool IsWritten(SyntaxTree tree) => !tree.FilePath.StartsWith("generated/", StringComparison.Ordinal);

    private static CSharpCompilation Compile(string project, string assembly)
    {
        var written = Repository.Files($"src/{project}").Where(f => f.EndsWith(".cs", StringComparison.Ordinal))
            .Select(f => Parse(File.ReadAllText(Repository.PathOf(f)), Repository.PathOf(f)));
        // Interceptors name other files by place and hash and mean nothing here; nobody can call what they declare.
        var generated = GeneratedSources.Of(assembly).Where(g => !g.Text.Contains("InterceptsLocation", StringComparison.Ordinal))
            .Select(g => Parse(g.Text, RazorSource(project, g.Path) ?? "generated/" + g.Path));
        return Create(assembly, written.Concat(generated), except: assembly);
    }

    /// <summary>The generated half of a component counts as written where the component is: it holds the component's own references.</summary>
    private static string? RazorSource(string project, string generated)
    {
        const string Generator = "RazorSourceGenerator/";
        var at = generated.Replace('\\', '/').LastIndexOf(Generator, StringComparison.Ordinal);
        return at < 0 ? null : Repository.PathOf($"src/{project}/{generated[(at + Generator.Length)..]}");
    }

    private static CSharpCompilation Create(string assembly, IEnumerable<SyntaxTree> trees, string except)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            .DistinctBy(Path.GetFileName)
            .Where(p => Path.GetFileNameWithoutExtension(p) != except && !Path.GetFileName(p).StartsWith("Gatehouse.Architecture", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p));
        return CSharpCompilation.Create(assembly, trees.Append(Parse(ImplicitUsings, "generated/usings.cs")), references,
            new CSharpCompilationOptions(assembly == "gatehouse" ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, Options, path);

    // What ImplicitUsings adds in a class library and a web project together.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;
}

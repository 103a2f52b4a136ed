using System.Globalization;
using System.Reflection;
using System.Text;
using Gatehouse.Architecture.Source;
using Gatehouse.Http;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gatehouse.Architecture.Docs;

/// <summary>
/// <c>docs/config.md</c>, made from the options classes (every class with a <c>Section</c>) and the tenants' settings: their comments say what
/// a setting means, their initial values what its default is.
/// </summary>
internal static class ConfigPage
{
    internal static string Make()
    {
        var page = new StringBuilder("""
            # Configuration

            Made from the code by the tests; edit the comments there. Settings of the process come first, what each tenant decides for itself after.

            ## The process

            Read, a later source over an earlier one, from: `gatehouse.json` in the data directory (or the file that `--config` names), environment
            variables, the command line. In a file, `Storage:DataDirectory` is `{ "Storage": { "DataDirectory": "…" } }`. A bad value stops the start with
            one line that names it.


            """);
        foreach (var options in Options().OrderBy(o => o.Section, StringComparer.Ordinal)) Section(page, options.Symbol, options.Section);
        page.Append("""
            ## Each tenant

            Changed at run time through the management API (`PATCH /api/v1/tenants/{id}/settings`); every process follows within a second.
            A tenant stores only what differs from these defaults.

            | setting | default | meaning |
            | --- | --- | --- |

            """);
        var settings = ProductCompilation.Server.GetTypeByMetadataName(typeof(TenantSettings).FullName!)!;
        foreach (var (group, value) in Properties(settings).Select(g => (g, typeof(TenantSettings).GetProperty(g.Name)!.GetValue(TenantSettings.Default)!)))
            foreach (var setting in Properties((INamedTypeSymbol)group.Type))
                page.Append(CultureInfo.InvariantCulture, $"| `{Snake(group.Name)}.{Snake(setting.Name)}` | {Value(value.GetType().GetProperty(setting.Name)!.GetValue(value))} | {DocComment.Summary(setting)} |\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Section(StringBuilder page, INamedTypeSymbol symbol, string section)
    {
        var summary = DocComment.Summary(symbol).Replace($" Section `{section}`.", "", StringComparison.Ordinal);
        page.Append(CultureInfo.InvariantCulture, $"### {section}\n\n{summary}\n\n| setting, variable | default | meaning |\n| --- | --- | --- |\n");
        Rows(page, symbol, Activator.CreateInstance(Assembly.Load(symbol.ContainingAssembly.Name).GetType(symbol.ToDisplayString(), throwOnError: true)!, nonPublic: true)!, section);
        page.Append('\n');
    }

    private static void Rows(StringBuilder page, INamedTypeSymbol symbol, object defaults, string prefix)
    {
        foreach (var property in Properties(symbol))
        {
            var (name, value) = ($"{prefix}:{property.Name}", defaults.GetType().GetProperty(property.Name)!.GetValue(defaults));
            // A group of settings has no value of its own.
            if (IsGroup(property)) Rows(page, (INamedTypeSymbol)property.Type, value!, name);
            else page.Append(CultureInfo.InvariantCulture, $"| `{name}`<br>`GATEHOUSE_{name.Replace(":", "__", StringComparison.Ordinal)}` | {Value(value)} | {DocComment.Summary(property)} |\n");
        }
    }

    internal static bool IsGroup(IPropertySymbol property) => property.Type is INamedTypeSymbol { TypeKind: TypeKind.Class } type && type.Locations.Any(l => l.IsInSource);

    internal static IEnumerable<(INamedTypeSymbol Symbol, string Section)> Options() =>
        new[] { ProductCompilation.Storage, ProductCompilation.Server, ProductCompilation.Host }.SelectMany(c => Types(c.Assembly.GlobalNamespace))
            .Select(t => (t, t.GetMembers("Section").OfType<IFieldSymbol>().FirstOrDefault(f => f.IsConst)?.ConstantValue as string))
            .Where(t => t.Item2 is not null).Select(t => (t.t, t.Item2!));

    internal static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IPropertySymbol>().Where(p => p is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, SetMethod: not null, IsImplicitlyDeclared: false });

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) => space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(Types));

    private static string Value(object? value) => value switch
    {
        null or "" => "empty",
        bool yes => yes ? "true" : "false",
        string text => $"`{text}`",
        TimeSpan span => $"`{span:c}`",
        IEnumerable<AcrLevel> levels => string.Join(", ", levels.Select(l => $"`{l.Acr}` {l.Level.ToString(CultureInfo.InvariantCulture)}")),
        IEnumerable<string> list => list.Any() ? string.Join(", ", list.Select(l => $"`{l}`")) : "none",
        // A list of anything else would say its type's name.
        System.Collections.IEnumerable => throw new NotSupportedException($"How is a {value.GetType()} written in the page of settings?"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Snake(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

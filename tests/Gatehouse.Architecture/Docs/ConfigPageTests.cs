using Gatehouse.Architecture.Source;
using Gatehouse.Http;
using Microsoft.CodeAnalysis;

namespace Gatehouse.Architecture.Docs;

public sealed class ConfigPageTests
{
    [Fact]
    public void The_configuration_page_says_what_the_code_says() => CommittedFile.ShouldBe("docs/config.md", ConfigPage.Make());

    [Fact]
    public void Every_setting_says_what_it_means()
    {
        var settings = ProductCompilation.Server.GetTypeByMetadataName(typeof(TenantSettings).FullName!)!;
        var silent = ConfigPage.Options().Select(o => o.Symbol).Concat(ConfigPage.Properties(settings).Select(p => (INamedTypeSymbol)p.Type))
            .SelectMany(Settings).Where(p => DocComment.Summary(p).Length < 10).Select(p => p.ToDisplayString());
        silent.ShouldBeEmpty();
    }

    private static IEnumerable<IPropertySymbol> Settings(INamedTypeSymbol type) =>
        ConfigPage.Properties(type).SelectMany(p => ConfigPage.IsGroup(p) ? Settings((INamedTypeSymbol)p.Type) : [p]);
}

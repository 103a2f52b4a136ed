using System.Text;
using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Documents;

/// <summary>
/// <c>docs/errors.md</c> lists every problem code of the product's own APIs, read out of the source. With <c>GATEHOUSE_UPDATE_DOCS=1</c>
/// the test writes it instead of comparing.
/// </summary>
public sealed class ErrorsDocumentTests
{
    private static readonly Lazy<ProblemCodes> codes = new(() => ProblemCodes.Of(ProductCompilation.Server));

    [Fact]
    public async Task The_committed_list_is_what_the_source_says()
    {
        var generated = Write(codes.Value.Uses.Concat(ProblemCodes.Of(ProductCompilation.Kernel).Uses));
        var file = Repository.PathOf("docs/errors.md");
        if (Environment.GetEnvironmentVariable("GATEHOUSE_UPDATE_DOCS") == "1") await File.WriteAllTextAsync(file, generated);
        (await File.ReadAllTextAsync(file)).ShouldBe(generated,
            "Problem codes changed. Run GATEHOUSE_UPDATE_DOCS=1 dotnet test tests/Gatehouse.Architecture --filter ErrorsDocumentTests, look at the difference, and commit it.");
    }

    [Fact]
    public void Every_code_is_written_where_it_is_used_and_in_snake_case()
    {
        codes.Value.Unreadable.ShouldBeEmpty();
        codes.Value.Uses.Count.ShouldBeGreaterThan(50);
        foreach (var use in codes.Value.Uses) use.Code.ShouldMatch("^[a-z][a-z0-9]*(_[a-z0-9]+)*$");
    }

    [Fact]
    public void Finds_a_code_and_a_hidden_one()
    {
        var planted = ProblemCodes.Of(ProductCompilation.FromMemory(("Planted.cs", """
            using Gatehouse.Kernel;
            class Planted
            {
                Problem Known(int limit) => Problem.Conflict("thing_taken", $"At most {limit} things.");
                Problem Made() => new("thing_gone", 410, "It is " + "gone.");
                Problem Hidden(string code) => Problem.Invalid(code, "Nobody finds this one.");
            }
            """)));
        planted.Uses.ShouldBe([new("thing_taken", 409, "At most … things."), new("thing_gone", 410, "It is gone.")]);
        planted.Unreadable.Count.ShouldBe(1);
    }

    private static string Write(IEnumerable<ProblemUse> uses)
    {
        var text = new StringBuilder("""
            # Problem codes

            Failures of the management API and of the product's other own APIs are RFC 9457 problems (`application/problem+json`): `type` is
            `urn:gatehouse:problem:` and the code, `code` is stable and what programs switch on, `detail` says what to do next, `field` names the
            member at fault. OAuth endpoints answer in their own form (RFC 6749 §5.2). This list is generated from the source.

            | code | status | meaning |
            | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var code in uses.GroupBy(u => u.Code, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var statuses = string.Join(", ", code.Select(u => u.Status).Distinct().Order());
            var meanings = string.Join(" / ", code.Select(u => u.Meaning.Replace("|", "\\|", StringComparison.Ordinal)).Where(m => m.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{code.Key}` | {statuses} | {meanings} |\n");
        }
        return text.ToString();
    }
}

using System.Reflection;
using Gatehouse.Http;
using Gatehouse.Hosting;
using Gatehouse.Pages;

namespace Gatehouse.Tests.Pages;

/// <summary>Every word of every room, in every language.</summary>
public sealed class TextSetTests
{
    /// <summary>The abstract sets: one per room that has pages.</summary>
    public static TheoryData<Type> Sets => [.. ServerAssembly.Assembly.GetTypes().Where(t => t is { IsAbstract: true } && t.BaseType == typeof(TextSet))];

    [Fact]
    public void Finds_the_sets() => Sets.Count.ShouldBeGreaterThanOrEqualTo(3);

    [Theory, MemberData(nameof(Sets))]
    public void Speaks_every_language_completely(Type set)
    {
        foreach (var locale in Locale.All)
        {
            foreach (var (name, text) in All(set, locale)) text.ShouldNotBeNullOrWhiteSpace($"{set.Name}.{name}, {locale.Tag}");
        }
    }

    /// <summary>What is the same in two languages was forgotten in one of them. Letters outside the script give it away too.</summary>
    [Theory, MemberData(nameof(Sets))]
    public void Translates_everything(Type set)
    {
        var english = All(set, Locale.English).ToDictionary();
        foreach (var (name, text) in All(set, Locale.Persian))
        {
            text.ShouldNotBe(english[name], $"{set.Name}.{name}");
            text.Any(c => c is >= '\u0600' and <= '\u06FF').ShouldBeTrue($"{set.Name}.{name} is not Persian: {text}");
            text.Any(c => c is 'ي' or 'ك' or >= '٠' and <= '٩').ShouldBeFalse($"{set.Name}.{name} has Arabic letters or digits: {text}");
        }
    }

    [Theory, MemberData(nameof(Sets))]
    public void Uses_every_placeholder(Type set)
    {
        foreach (var locale in Locale.All)
        {
            foreach (var method in Methods(set).Where(m => m.ReturnType == typeof(string) && m.GetParameters().All(IsPlaceholder)))
            {
                var text = (string)method.Invoke(Instance(set, locale), Calls(set, method).Single())!;
                foreach (var sample in Calls(set, method).Single())
                    text.ShouldContain(sample is int number ? locale.Number(number) : (string)sample, customMessage: $"{set.Name}.{method.Name}, {locale.Tag}");
            }
        }
    }

    [Fact]
    public void Says_no_code_in_the_general_words()
    {
        foreach (var locale in Locale.All)
        {
            var texts = Texts.For(locale);
            foreach (var code in Texts.FieldProblemCodes) texts.FieldProblem(code, new()).ShouldNotBe(texts.FieldProblem("?", new()), $"{code}, {locale.Tag}");
            foreach (var code in Texts.ErrorCodes.Where(c => c != "server_error")) texts.Error(code).ShouldNotBe(texts.Error("?"), $"{code}, {locale.Tag}");
        }
    }

    [Fact]
    public void Shouts_nowhere()
    {
        foreach (var set in Sets)
        {
            foreach (var (name, text) in All(set, Locale.English).Concat(All(set, Locale.Persian))) text.ShouldNotContain("!", customMessage: name);
        }
    }

    private static IEnumerable<(string Name, string Text)> All(Type set, Locale locale)
    {
        var instance = Instance(set, locale);
        foreach (var property in set.GetProperties(BindingFlags.Instance | BindingFlags.Public)) yield return (property.Name, (string)property.GetValue(instance)!);
        foreach (var method in Methods(set))
        {
            foreach (var arguments in Calls(set, method))
            {
                var name = $"{method.Name}({string.Join(", ", arguments)})";
                switch (method.Invoke(instance, arguments))
                {
                    case string text: yield return (name, text); break;
                    case ErrorText error: yield return (name + ".Title", error.Title); yield return (name + ".Text", error.Text); break;
                    case var other: throw new Xunit.Sdk.XunitException($"{set.Name}.{name} gives {other}, which this test cannot read.");
                }
            }
        }
    }

    /// <summary>Something to be said inside the text. A code, a scope or a kind is chosen by instead.</summary>
    private static bool IsPlaceholder(ParameterInfo parameter) =>
        (parameter.ParameterType == typeof(string) && parameter.Name != "code" && parameter.Member.Name != "IdentityScope") || parameter.ParameterType == typeof(int);

    /// <summary>Every call worth making: one with samples, or one per value of what a text is chosen by (codes stand in <c>{method}Codes</c>).</summary>
    private static IEnumerable<object[]> Calls(Type set, MethodInfo method)
    {
        IEnumerable<object[]> calls = [[]];
        foreach (var parameter in method.GetParameters())
        {
            var values = Values(set, method, parameter).ToList();
            calls = calls.SelectMany(call => values.Select(value => (object[])[.. call, value])).ToList();
        }
        return calls;
    }

    private static IEnumerable<object> Values(Type set, MethodInfo method, ParameterInfo parameter) => parameter switch
    {
        { ParameterType.IsEnum: true } => Enum.GetValues(parameter.ParameterType).Cast<object>(),
        { Name: "code" } => (IReadOnlyList<string>)set.GetProperty(method.Name + "Codes", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!,
        _ when method.Name == "IdentityScope" => ["openid", "profile", "email", "phone", "offline_access"],
        _ when parameter.ParameterType == typeof(TimeSpan) => [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromHours(5), TimeSpan.FromDays(12)],
        _ when parameter.ParameterType == typeof(PasswordSettings) => [new PasswordSettings()],
        _ when parameter.ParameterType == typeof(int) => [17 + parameter.Position],
        _ => [$"Sample{parameter.Position}"],
    };

    private static IEnumerable<MethodInfo> Methods(Type set) =>
        set.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(m => m is { IsAbstract: true, IsSpecialName: false });

    private static object Instance(Type set, Locale locale) => set.GetMethod("For", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(null, [locale])!;
}

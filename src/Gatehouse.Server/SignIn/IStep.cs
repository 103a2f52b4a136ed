using System.Text.Json.Nodes;
using Gatehouse.Pages;

namespace Gatehouse.SignIn;

/// <summary>
/// One question of a sign-in: what is asked, and what follows from an answer. Knows neither forms nor JSON; <see cref="StepPages"/> puts it on a
/// page and the JSON API into a document. Steps are stateless: everything they know of the steps before stands in the
/// stored run, and every change of it is a conditional statement, so that of parallel answers one counts.
/// </summary>
internal interface IStep
{
    /// <summary>Its name in the API, in flows and in the audit, for example <c>password</c>.</summary>
    string Name { get; }

    /// <summary>The page's path; may have a query of its own.</summary>
    string Path { get; }

    /// <summary>What an answer has, in order.</summary>
    IReadOnlyList<StepField> Fields { get; }

    /// <summary>Asks, or says which step's turn it is instead.</summary>
    ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct);

    /// <summary>What follows from an answer, whole or not at all.</summary>
    ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct);

    /// <summary>The question on a page.</summary>
    PageResult Page(Run run, StepView view);
}

/// <summary>A step that sends something, which may be asked for again.</summary>
internal interface IResendable : IStep
{
    /// <summary>Sends it anew, within its limits; the answer does not tell whether anything was sent.</summary>
    ValueTask<StepOutcome> ResendAsync(Run run, CancellationToken ct);
}

/// <summary>A step that asks nothing of the person: answered for her, as soon as it is its turn.</summary>
internal interface IAutomaticStep : IStep;

/// <summary>A step whose values differ from person to person.</summary>
internal interface IAdaptiveStep : IStep
{
    /// <summary>What an answer has in this run; nothing when it is not this step's turn.</summary>
    ValueTask<IReadOnlyList<StepField>> FieldsAsync(Run run, CancellationToken ct);
}

/// <summary>One value of an answer.</summary>
/// <param name="Format">What it looks like, in the words of JSON Schema where there are any: <c>email</c>, <c>password</c>, <c>code</c>, <c>base64url</c>, <c>text</c>, <c>boolean</c>, <c>integer</c>, <c>number</c>.</param>
/// <param name="Optional">May be left out.</param>
internal sealed record StepField(string Name, string Format, int MaxLength, bool Optional = false);

/// <summary>A question as it stands.</summary>
/// <param name="Problem">What was wrong with the last answer: a code; null when nothing was.</param>
/// <param name="Data">What goes with the question, of the step's own type: a challenge, a key to be set up. Goes into the JSON as it is.</param>
internal sealed record StepView(string Step, string? Problem = null, object? Data = null)
{
    internal int Status => Problem is null ? 200 : 422;

    /// <summary>JSON Schema of an answer, where it differs from person to person; null: as the step's fields say.</summary>
    internal JsonObject? Schema { get; init; }

    /// <summary>What is wrong with which value of the last answer, where there are several.</summary>
    internal IReadOnlyList<StepFault> Faults { get; init; } = [];
}

/// <summary>What is wrong with one value.</summary>
internal sealed record StepFault(string Field, string Code);

/// <summary>What became of an answer.</summary>
internal abstract record StepOutcome
{
    private StepOutcome()
    {
    }

    /// <summary>The next value of the cookie by which this browser is trusted; null: it stays as it is.</summary>
    internal string? Trust { get; init; }

    /// <summary>This is asked, or asked again.</summary>
    internal sealed record Ask(StepView View) : StepOutcome;

    /// <summary>Another step's turn.</summary>
    internal sealed record Next(string Step) : StepOutcome;

    /// <summary>She has proved enough, and a session has begun.</summary>
    /// <param name="Secret">The session cookie's value.</param>
    /// <param name="RecoveryCodes">Shown to her once, where she has just set up a second step.</param>
    internal sealed record Done(string Secret, IReadOnlyList<string>? RecoveryCodes = null) : StepOutcome
    {
        /// <summary>For a program to keep.</summary>
        internal string? Device { get; init; }
    }

    /// <summary>The run was fulfilled a moment ago, by a second click or another tab: go on.</summary>
    internal sealed record Fulfilled : StepOutcome;

    /// <summary>The browser goes to a page of the tenant's own.</summary>
    internal sealed record Away(string Url) : StepOutcome;

    /// <summary>The run has ended or expired.</summary>
    internal sealed record Gone : StepOutcome;
}

/// <summary>An answer's values by name; what was not sent is empty.</summary>
internal sealed class StepInput(Func<string, string> value)
{
    internal string this[string name] => value(name);

    internal static StepInput Of(PageForm form) => new(name => form[name]);
}

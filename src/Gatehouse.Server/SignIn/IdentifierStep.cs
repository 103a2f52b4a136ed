using System.Text.Json.Serialization;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>Whose account is it? The answer looks the same for every address, known or not: none is looked up here.</summary>
internal sealed class IdentifierStep(IDatabase database, Interactions interactions, Passkeys passkeys, SignInPlan plan, EmailCodeStep byMail, SmsCodeStep bySms) : IStep
{
    internal const string PagePath = "/signin", StepName = "identifier";

    public string Name => StepName;
    public string Path => PagePath;
    public IReadOnlyList<StepField> Fields { get; } = [new("email", "email", EmailAddress.MaxLength)];

    public ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) => AskAsync(run, null, null, ct);

    public async ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct)
    {
        // Where a telephone number will do, the one field takes either: no address is a number, and no number an address.
        var settings = run.Tenant.Settings;
        var number = settings.SignIn.Offers(SignInSettings.SmsCode) ? PhoneNumber.Parse(input["email"], settings.Sms.DefaultCountry) : null;
        if (!EmailAddress.Parse(input["email"]).TryGet(out var address, out var problem) && number is null) return await AskAsync(run, input["email"], problem.Code, ct);
        var identifier = number?.Value ?? address.Address;
        await using (var tx = await database.BeginAsync(run.Tenant.Id, ct))
        {
            if (!await interactions.RememberIdentifierAsync(tx, run.Interaction.Id, identifier, ct)) return new StepOutcome.Gone();
            await tx.CommitAsync(ct);
        }
        var named = run with { Interaction = run.Interaction with { Identifier = identifier } };
        if (number is not null) return Onward(await bySms.ResendAsync(named, ct));
        return await plan.FirstAsync(named, ct) switch
        {
            StepName => await AskAsync(named, null, "method_not_allowed", ct),
            EmailCodeStep.StepName => Onward(await byMail.ResendAsync(named, ct)),
            var first => new StepOutcome.Next(first),
        };
    }

    public PageResult Page(Run run, StepView view)
    {
        var data = (IdentifierData)view.Data!;
        return PageResult.Of<IdentifierPage, IdentifierModel>(
            new(run.Interaction.Id, run.Interaction.Demand.ApplicationName, data.Email, run.Tenant.Settings.Registration.Open, view.Problem, data.Passkey, run.Tenant.Settings.SignIn.Offers(SignInSettings.SmsCode)),
            SignInRun.Options(run.Interaction, view.Status));
    }

    /// <summary>What was sent is asked for on a page of its own.</summary>
    private static StepOutcome Onward(StepOutcome sent) => sent is StepOutcome.Ask(var view) ? new StepOutcome.Next(view.Step) : sent;

    private async ValueTask<StepOutcome> AskAsync(Run run, string? typed, string? problem, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(run.Tenant.Id, ct);
        var view = await ViewAsync(tx, run, passkeys, typed, problem, ct);
        await tx.CommitAsync(ct);
        return new StepOutcome.Ask(view);
    }

    /// <summary>The question, with a challenge for the passkey that may be offered beside it: the one thing that asking it writes.</summary>
    internal static async ValueTask<StepView> ViewAsync(TenantTransaction tx, Run run, Passkeys passkeys, string? typed, string? problem, CancellationToken ct) =>
        new(StepName, problem, new IdentifierData(typed ?? run.Interaction.Identifier ?? run.Interaction.Demand.LoginHint,
            run.Tenant.Settings.SignIn.Offers(SignInSettings.Passkey) ? await passkeys.BeginSignInAsync(tx, run.Tenant, run.Interaction.Id.Value, ct) : null));
}

/// <param name="Email">What she typed before, or the application's hint.</param>
/// <param name="Passkey">What a page needs to offer a passkey beside it (elsewhere that is a step of its own); null where passkeys are not offered.</param>
internal sealed record IdentifierData(string? Email, [property: JsonIgnore] PasskeyRequest? Passkey);

/// <param name="Problem">A code that stands at the address; null when nothing is wrong.</param>
/// <param name="Passkey">Null where passkeys are not offered.</param>
/// <param name="Phone">Whether a telephone number will do as well.</param>
public sealed record IdentifierModel(InteractionId Interaction, string? Application, string? Email, bool RegistrationOpen, string? Problem, PasskeyRequest? Passkey, bool Phone);

using Gatehouse.Credentials;
using Gatehouse.Pages;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// The second step by text message: what <see cref="CodeStep"/> does with every code, and sending it, which she asks for by a button: nobody
/// pays for a message because a page was opened.
/// </summary>
internal sealed class SmsSecondStep(CodeStep inner, SmsAuthenticator sms, IDatabase database, HalfWays halfWays, TimeProvider clock) : IResendable
{
    public string Name => SmsAuthenticator.AuthenticatorName;
    public string Path { get; } = $"{CodeStep.PagePath}?{CodeStep.Way}={SmsAuthenticator.AuthenticatorName}";
    public IReadOnlyList<StepField> Fields => inner.Fields;

    public ValueTask<StepOutcome> ShowAsync(Run run, CancellationToken ct) => DoAsync(run, inner.ShowAsync, ct);

    public ValueTask<StepOutcome> SubmitAsync(Run run, StepInput input, CancellationToken ct) => DoAsync(run, (at, token) => inner.SubmitAsync(at, input, token), ct);

    public ValueTask<StepOutcome> ResendAsync(Run run, CancellationToken ct) => DoAsync(run, async (at, token) =>
    {
        if (!(await halfWays.FindAsync(at, Name, token)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        await using (var tx = await database.BeginAsync(at.Tenant.Id, token))
        {
            if (await sms.SendAsync(tx, at.Tenant, halfWay.User, at.Interaction.Id.Value, at.Locale, at.Request, token)) await tx.CommitAsync(token);
        }
        return await inner.ShowAsync(at, token);
    }, ct);

    public PageResult Page(Run run, StepView view)
    {
        var data = (SmsCodeData)view.Data!;
        return PageResult.Of<SentCodePage, SentCodeModel>(new(run.Interaction.Id, Name, Path, data.Name, data.Number, SentBy.Sms, data.Sent, run.Interaction.Demand.ApplicationName, view.Problem,
            [new($"{SignInRun.Path(CodeStep.PagePath, run.Interaction.Id)}&{CodeStep.Way}={RecoveryCodes.AuthenticatorName}", RecoveryCodes.AuthenticatorName)]) { TrustDays = data.TrustDays, RecoverPath = CodeStep.RecoverPath(run) }, SignInRun.Options(run.Interaction, view.Status));
    }

    private async ValueTask<StepOutcome> DoAsync(Run run, Func<Run, CancellationToken, ValueTask<StepOutcome>> step, CancellationToken ct)
    {
        // The same telephone twice is one proof: who began with it goes on with something else.
        if (run.Interaction.Proved is { } proved && proved.Proofs.Any(p => p.Method == "sms")) return new StepOutcome.Next(IdentifierStep.StepName);
        var outcome = await step(run, ct);
        if (outcome is not StepOutcome.Ask(var view)) return outcome;
        if (!(await halfWays.FindAsync(run, ct)).TryGet(out var halfWay, out var elsewhere)) return elsewhere;
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        if (await sms.FindPhoneAsync(read, halfWay.User, ct) is not { } phone || PhoneNumber.Parse(phone.Number) is not { } number) return new StepOutcome.Next(TotpAuthenticator.AuthenticatorName);
        var sent = SentCodeData.Of(halfWay.Name, await sms.FindSentAsync(read, halfWay.User.Id, run.Interaction.Id.Value, ct), clock);
        return new StepOutcome.Ask(view with { Data = new SmsCodeData(sent.Name, number.Masked, sent.Sent, sent.AgainIn, (view.Data as CodeData)?.TrustDays) });
    }
}

/// <param name="Name">Whose code it is.</param>
/// <param name="Number">The number as it may be shown to whoever knows the password only: country and last two digits.</param>
internal sealed record SmsCodeData(string Name, string Number, bool Sent, int? AgainIn, int? TrustDays = null);

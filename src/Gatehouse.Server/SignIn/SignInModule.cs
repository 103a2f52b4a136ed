using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.SignIn.Headless;
using Gatehouse.SignIn.Recovering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.SignIn;

/// <summary>Everything the SignIn room puts into the process. Read this first.</summary>
public static class SignInModule
{
    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<SignInMetrics>();
        services.AddSingleton<SignInRun>();
        services.AddSingleton<DeviceRecognition>();
        services.AddSingleton<SignInCompletion>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<HalfWays>();
        services.AddSingleton<SignInPlan>();
        services.AddSingleton<ISessionRules>(s => s.GetRequiredService<SignInPlan>());
        services.AddSingleton<Advance>();
        services.AddSingleton<StepUp>();
        services.AddSingleton<RegistrationFlow>();
        services.AddSingleton<ResetCode>();
        services.AddSingleton<RecoverySubjects>();
        services.AddSingleton<RecoverStart>();
        services.AddSingleton<SignUpVerify>();
        services.AddSingleton<SignUpCredentials>();
        services.AddSingleton<SignUpRequest>();
        services.AddSingleton<SignUpAccounts>();
        services.AddSingleton<InvitationLink>();
        services.AddSingleton<OrganizationAccent>();
        services.AddSingleton<Steps>();
        services.AddSingleton<AutomaticSteps>();
        services.AddSingleton<StepPages>();
        services.AddSingleton<HeadlessRuns>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(SignInJson.Default));
        services.AddSingleton<EnrolStep>();
        services.AddSingleton<IStep, IdentifierStep>();
        services.AddSingleton<IStep, PasskeyStep>();
        services.AddSingleton<IStep, PasswordStep>();
        services.AddSingleton<IStep, NewPasswordStep>();
        services.AddSingleton<IStep, TermsAcceptance>();
        services.AddSingleton<IStep, OrganizationStep>();
        services.AddSingleton<IStep, AttributeCollection>();
        services.AddSingleton<IStep, HookCheck>();
        services.AddSingleton<OutsideAnswers>();
        services.AddSingleton<WebPageStep>();
        services.AddSingleton<IStep>(s => s.GetRequiredService<WebPageStep>());
        services.AddSingleton<IStep>(s => s.GetRequiredService<EnrolStep>());
        services.AddSingleton<IStep>(s => CodeStepOf<TotpAuthenticator>(s, isUsual: true));
        services.AddSingleton<EmailCodeStep>();
        services.AddSingleton<SmsCodeStep>();
        services.AddSingleton<IStep>(s => s.GetRequiredService<EmailCodeStep>());
        services.AddSingleton<IStep>(s => s.GetRequiredService<SmsCodeStep>());
        services.AddSingleton<IStep>(s => ActivatorUtilities.CreateInstance<SmsSecondStep>(s, CodeStepOf<SmsAuthenticator>(s, isUsual: false)));
        services.AddSingleton<IStep>(s => CodeStepOf<RecoveryCodes>(s, isUsual: false));
        services.AddSingleton<SignUpAddressStep>();
        services.AddSingleton<IStep>(s => s.GetRequiredService<SignUpAddressStep>());
        services.AddSingleton<IStep, SignUpCodeStep>();
        services.AddSingleton<IStep>(s => ActivatorUtilities.CreateInstance<SignUpAccountStep>(s, false));
        services.AddSingleton<IStep>(s => ActivatorUtilities.CreateInstance<SignUpAccountStep>(s, true));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapSignIn(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        var group = pages.MapGroup("").ExcludeFromDescription();
        StartPage.Map(group);
        StepPages.Map(group);
        SignInLink.Map(group);
        InvitationLink.Map(group);
        SignUpStep.Map(group);
        SignUpVerify.Map(group);
        ForgotStep.Map(group);
        ResetCodeStep.Map(group);
        ResetStep.Map(group);
        NotMe.Map(group);
        RecoverStart.Map(group);
        RecoverLinks.Map(group);
        SignOut.Map(group);

        AuthorizeChallenge.Map(pages);
        var flows = pages.MapGroup("/flows/v1").WithTags("Flows");
        StartFlow.Map(flows);
        AskFlow.Map(flows);
        SubmitFlow.Map(flows);
        StepFlow.Map(flows);
        ApiDescription.MapFlows(flows);
        // An application's page is on its own origin.
        foreach (var path in new[] { "start", "current", "submit", "resend", "cancel" }) Preflight.Map(pages, $"/flows/v1/{path}", "POST");
        Preflight.Map(pages, AuthorizeChallenge.Path, "POST");
    }

    private static CodeStep CodeStepOf<T>(IServiceProvider services, bool isUsual) where T : IAuthenticator =>
        ActivatorUtilities.CreateInstance<CodeStep>(services, services.GetRequiredService<T>(), isUsual);
}

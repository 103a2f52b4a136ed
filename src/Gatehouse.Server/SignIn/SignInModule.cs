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
        services.AddSingleton<SignInCompletion>();
        services.AddSingleton<SecondStep>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapSignIn(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        var group = pages.MapGroup("").ExcludeFromDescription();
        IdentifierStep.Map(group);
        PasswordStep.Map(group);
        CodeStep.Map(group);
        EnrolStep.Map(group);
        PasskeyStep.Map(group);
        SignUpStep.Map(group);
        SignUpVerify.Map(group);
        ForgotStep.Map(group);
        ResetStep.Map(group);
        SignOut.Map(group);
    }
}

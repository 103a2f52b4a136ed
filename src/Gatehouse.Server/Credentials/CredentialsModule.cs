using System.Diagnostics.Metrics;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Events;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>Everything the Credentials room puts into the process. Read this first.</summary>
public static class CredentialsModule
{
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<CredentialsOptions>().BindConfiguration(CredentialsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CredentialsOptions>, CredentialsOptionsValidator>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<CommonPasswords>();
        services.AddSingleton<IValidateOptions<CredentialsOptions>, BreachOptionsValidator>();
        services.AddSingleton<PasswordPolicy>();
        services.AddSingleton<BreachedRange>();
        services.AddSingleton<BreachCheck>();
        services.AddSingleton<PasswordHistory>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<PasswordHistoryPruning>();
        services.AddHostedService(s => s.GetRequiredService<PasswordHistoryPruning>());
        services.AddSingleton(s => new CredentialsMetrics(s.GetRequiredService<IMeterFactory>(), s.GetRequiredService<PasswordHasher>()));
        services.AddSingleton(s => new Passwords(s.GetRequiredService<IDatabase>(), s.GetRequiredService<PasswordHasher>(),
            s.GetRequiredService<PasswordRules>(), s.GetRequiredService<EventOutbox>(), s.GetRequiredService<CredentialsMetrics>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RateLimit>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<MagicLinks>();
        services.AddSingleton<PhoneProofs>();
        // In the order in which they are offered.
        services.AddSingleton<TotpAuthenticator>();
        services.AddSingleton<SmsAuthenticator>();
        services.AddSingleton<RecoveryCodes>();
        services.AddSingleton<IAuthenticator>(s => s.GetRequiredService<TotpAuthenticator>());
        services.AddSingleton<IAuthenticator>(s => s.GetRequiredService<SmsAuthenticator>());
        services.AddSingleton<IAuthenticator>(s => s.GetRequiredService<RecoveryCodes>());
        services.AddSingleton<IPhoneGuard, SmsPhoneGuard>();
        services.AddSingleton<SecondFactors>();
        services.AddOptions<AuthenticatorMetadataOptions>().BindConfiguration(AuthenticatorMetadataOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthenticatorMetadataOptions>, AuthenticatorMetadataOptionsValidator>();
        services.AddSingleton<AuthenticatorMetadata>();
        services.AddSingleton<AuthenticatorPolicy>();
        services.AddHostedService<AuthenticatorMetadataJob>();
        services.AddSingleton(s => new Passkeys(s.GetRequiredService<TenantVault>(), s.GetRequiredService<UserDirectory>(), s.GetRequiredService<EventOutbox>(),
            s.GetRequiredService<AuthenticatorPolicy>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Disowning>();
        services.AddSingleton<Messaging.IDisownLinks>(s => s.GetRequiredService<Disowning>());
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetCredentials>();
        services.AddSingleton<IEventSubscriber<UserDisabled>, ForgetCredentials>();
        services.AddSingleton<RecoveryNotices>();
        services.AddSingleton<Recoveries>();
        services.AddSingleton<RecoveryPhone>();
        services.AddSingleton<RecoveryCompletion>();
        services.AddSingleton<RecoveryReminders>();
        services.AddHostedService(s => s.GetRequiredService<RecoveryReminders>());
        services.AddSingleton(RecoveryStore.Pruning);
        services.AddSingleton<IEventSubscriber<PasswordChanged>, EndRecovery>();
        services.AddSingleton<IEventSubscriber<AccountDisowned>, EndRecovery>();
        services.AddSingleton<IEventSubscriber<UserUpdated>, EndRecovery>();
        services.AddSingleton<IEventSubscriber<UserDisabled>, EndRecovery>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, EndRecovery>();
        services.AddSingleton<IInitialPassword, InitialPassword>();
        foreach (var table in CredentialsPruning.Tables) services.AddSingleton(table);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(CredentialsJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapCredentials(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        SetPassword.Map(api);
        ResetPassword.Map(api);
        RemoveTwoStep.Map(api);
        ListPasskeys.Map(api);
        RemovePasskey.Map(api);
        GetAuthenticatorMetadata.Map(api);
        ReadRecoveries.Map(api);
        ChangeRecovery.Map(api);
        RelatedOrigins.Map(pages);
    }
}

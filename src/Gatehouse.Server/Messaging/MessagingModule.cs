using Gatehouse.Vault;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>Everything the Messaging room puts into the process. Read this first.</summary>
public static class MessagingModule
{
    public static void AddMessaging(this IServiceCollection services)
    {
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MessagingOptions>, MessagingOptionsValidator>();
        services.AddSingleton<MailEnvelope>();
        services.AddSingleton(s => new Mailer(s.GetRequiredService<TenantVault>(), s.GetRequiredService<IDisownLinks>(), s.GetRequiredService<IOptions<MessagingOptions>>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<Mailer>>()));
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<IMailTransport>(s => s.GetRequiredService<IOptions<MessagingOptions>>().Value switch
        {
            { HasSmtp: true } => s.GetRequiredService<SmtpTransport>(),
            { HasMailbox: true } => new MailboxTransport(),
            _ => new NoTransport(),
        });
        services.AddSingleton(s => new Texter(s.GetRequiredService<TenantVault>(), s.GetRequiredService<IOptions<MessagingOptions>>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<Texter>>()));
        services.AddSingleton<SmsConnection>();
        services.AddSingleton<ISmsTransport>(s => s.GetRequiredService<IOptions<MessagingOptions>>().Value switch
        {
            { Sms.Provider: SmsOptions.ByTwilio } => ActivatorUtilities.CreateInstance<TwilioTransport>(s),
            { Sms.Provider: SmsOptions.ByHttp } => ActivatorUtilities.CreateInstance<HttpSmsTransport>(s),
            { HasMailbox: true } => new SmsMailboxTransport(),
            _ => new NoSmsTransport(),
        });
        services.AddSingleton<Mailbox>();
        services.AddSingleton<MailWorker>();
        services.AddSingleton<MailPruning>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<MailWorker>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<MailPruning>());
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(MessagingJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapMessaging(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        Mailbox.Map(pages);
        GetMailTemplate.Map(api);
        PutMailTemplate.Map(api);
        DeleteMailTemplate.Map(api);
    }
}

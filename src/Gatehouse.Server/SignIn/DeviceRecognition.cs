using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>
/// Remembers where she signed in, and tells her of what is new, in the transaction that begins the session. A browser is known by its cookie, a program
/// by the device it sent; one that keeps none is new every time, leaves one row however often, and she hears of it once a day and network.
/// </summary>
internal sealed class DeviceRecognition(Passwords passwords, UserDirectory users, Mailer mailer, RateLimit limits, TimeProvider clock)
{
    private const int NamelessPerNetwork = 1, NamelessPerClient = 3;
    private static readonly TimeSpan day = TimeSpan.FromDays(1);

    /// <returns>A device for the program to keep; null: it has one, or keeps none, or this is a browser.</returns>
    internal async ValueTask<string?> RecogniseAsync(TenantTransaction tx, Run run, UserId user, CancellationToken ct)
    {
        var (device, demand) = (run.Device, run.Interaction.Demand);
        var familiarity = await passwords.FamiliarityAsync(tx, user, device ?? ProgramDevice.Nameless, ct);
        var isNameless = run.Headless && !demand.KeepsDevice;
        var isNew = familiarity == DeviceFamiliarity.New || (familiarity == DeviceFamiliarity.Known && device is null);
        if (isNew && (!isNameless || await IsDueAsync(tx, run, user, ct)) && await users.FindAsync(tx, user, ct) is { PrimaryEmail: { } email } person)
            await mailer.QueueAsync(tx, run.Tenant, DeviceNotice.Of(DeviceNotice.New, run.Tenant, person, email, run.Locale, run.Request, clock.Now()), ct);

        // What a program says is never taken over: only what we gave it, to this client, for her.
        string? issued = null;
        if (run.Headless && demand is { KeepsDevice: true, Client: { } client } && (device is null || familiarity != DeviceFamiliarity.Known)) (issued, device) = ProgramDevice.New(client);
        await passwords.RememberDeviceAsync(tx, user, device ?? ProgramDevice.Nameless, ct);
        return issued;
    }

    /// <summary>Whether she is to hear of a program that keeps no device: not of each sign-in from one place, and of new places a few times.</summary>
    private async ValueTask<bool> IsDueAsync(TenantTransaction tx, Run run, UserId user, CancellationToken ct)
    {
        var key = $"{user}:{run.Interaction.Demand.Client}";
        return await limits.TryTakeAsync(tx, "new_device.network", $"{key}:{RateLimit.SiteKey(run.Request.IpAddress)}", NamelessPerNetwork, day, ct)
            && await limits.TryTakeAsync(tx, "new_device.client", key, NamelessPerClient, day, ct);
    }
}

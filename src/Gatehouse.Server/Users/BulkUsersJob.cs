using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>One operation of <see cref="BulkUsers"/>: the same checks and the same traces as the endpoint for one, and the job's id in the audit.</summary>
internal sealed class BulkUsersJob(UserChange changes, UserRemoval removal, UserGuards guards, IInitialPassword passwords, IUserReach reach, Mailer mailer, AuditLog audit, EventOutbox events, TimeProvider clock) : IJobKind
{
    internal const string KindName = "users.bulk";

    /// <param name="Password">Hashed already; null when there is none.</param>
    private sealed record Prepared(BulkUsers.Operation Operation, User? User = null, string? Password = null);

    public string Name => KindName;
    public string Permission => Scopes.UsersWrite;

    public async ValueTask<Result<object, Problem>> PrepareAsync(JobRow row, CancellationToken ct)
    {
        if (!BulkUsers.Parse(row.Input).TryGet(out var operation, out var problem)) return problem;
        if (operation.Op != BulkUsers.Create) return new Prepared(operation);
        CreateUser.Request request;
        try { request = operation.User!.Value.Deserialize(UsersJson.Default.CreateUserRequest)!; }
        catch (JsonException) { return Problem.Invalid("operation_invalid", "user is not what POST /users takes: a member is missing, unknown or of another type.", "user"); }
        if (!CreateUser.Read(request, clock).TryGet(out var user, out problem)) return problem;
        if (request.Password is null) return new Prepared(operation, user);
        return (await passwords.PrepareAsync(row.Job.Tenant, request.Password, user.PrimaryEmail?.Normalized, ct)).TryGet(out var hash, out problem) ? new Prepared(operation, user, hash) : problem;
    }

    public async ValueTask<RowResult> RunAsync(TenantTransaction tx, JobRow row, object prepared, CancellationToken ct)
    {
        var (operation, made, password) = (Prepared)prepared;
        if (operation.Op == BulkUsers.Create) return await CreateAsync(tx, row, operation, made!, password, ct);
        if (!UserId.TryParse(operation.Id, out var id)) return UserProblems.NotFound;
        var details = DetailsOf(row);
        var job = row.Job;
        Result<User, Problem> result;
        switch (operation.Op)
        {
            case BulkUsers.Delete:
                return await removal.RemoveAsync(tx, id, null, job.Caller, job.Facts, details, ct) is { } refused ? refused : RowResult.Done(id.ToString());
            case BulkUsers.Update:
                var patch = MergePatch.Of(operation.User!.Value);
                if (patch.Expect(UpdateUser.Members) is { } wrong) return wrong;
                result = await changes.ApplyAsync(tx, id, null, job.Caller, job.Facts, "user.updated", user => new UserUpdated(user), async (_, user) =>
                {
                    if (!UpdateUser.Apply(patch, user).TryGet(out var changed, out var problem)) return problem;
                    if (!await UserStore.TryUpdateAsync(tx, changed, clock.Now(), ct)) return ETags.Changed;
                    await ProfileNotice.QueueAsync(tx, mailer, job.Tenant, user, null, ct);
                    return null;
                }, details, ct);
                break;
            case BulkUsers.Disable:
                result = await changes.ApplyAsync(tx, id, null, job.Caller, job.Facts, "user.disabled", user => new UserDisabled(user), async (_, user) =>
                    user.Status == UserStatus.Disabled ? null : await guards.CheckAsync(tx, id, ct)
                        ?? (await UserStore.TryUpdateAsync(tx, user with { Status = UserStatus.Disabled }, clock.Now(), ct) ? null : ETags.Changed), details, ct);
                break;
            default:
                result = await changes.ApplyAsync(tx, id, null, job.Caller, job.Facts, "user.enabled", user => new UserEnabled(user), async (_, user) =>
                    user.Status == UserStatus.Active || await UserStore.TryUpdateAsync(tx, user with { Status = UserStatus.Active }, clock.Now(), ct) ? null : ETags.Changed, details, ct);
                break;
        }
        return result.TryGet(out var done, out var failure) ? RowResult.Done(done.Id.ToString()) : failure;
    }

    private async ValueTask<RowResult> CreateAsync(TenantTransaction tx, JobRow row, BulkUsers.Operation operation, User user, string? password, CancellationToken ct)
    {
        if (!await UserStore.TryInsertAsync(tx, user, ct))
        {
            if (operation.IfExists != BulkUsers.Skip) return UserProblems.EmailTaken;
            foreach (var email in user.Emails)
                if (await UserStore.FindByEmailAsync(tx, email.Normalized, ct) is { } there) return RowResult.Done(there.Id.ToString());
            return UserProblems.EmailTaken;
        }
        await audit.AppendAsync(tx, new("user.created", AuditOutcome.Success, AuditActor.Of(row.Job.Caller), "user", user.Id.ToString(), row.Job.Facts, DetailsOf(row)), ct);
        await events.PublishAsync(tx, new UserCreated(user.Id), ct);
        if (await reach.CheckAsync(tx, user.Id, [], row.Job.Caller, ct) is { } escalation) return escalation;
        if (password is not null) await passwords.StoreAsync(tx, user.Id, password, ct);
        return RowResult.Done(user.Id.ToString());
    }

    private static Dictionary<string, string> DetailsOf(JobRow row) => new() { ["job"] = row.Job.Id.ToString() };
}

using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Jobs;

/// <summary>Who asked for something that happens later, with what her token carried: <see cref="IJobAuthority"/> says what of it she still may.</summary>
public sealed record StoredCaller(TenantId HomeTenant, string Kind, string Id, IReadOnlyList<string> Scopes)
{
    public static Json Write(Caller caller) => new(JsonSerializer.Serialize(new(caller.HomeTenant, caller.Kind, caller.Id, caller.Scopes), JobsJson.Default.StoredCaller));

    public static Caller Read(string stored)
    {
        var caller = JsonSerializer.Deserialize(stored, JobsJson.Default.StoredCaller) ?? throw new InvalidOperationException("A stored caller is an object.");
        return new(caller.HomeTenant, caller.Kind, caller.Id) { Scopes = caller.Scopes };
    }
}

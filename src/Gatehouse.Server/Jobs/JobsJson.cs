using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Jobs;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(Page<JobView>))]
[JsonSerializable(typeof(Page<JobRowView>))]
[JsonSerializable(typeof(StoredCaller))]
internal sealed partial class JobsJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client;

/// <summary>How the contracts are written: names in camel case, enumerations as words, nothing that is null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ServiceReport>))]
[JsonSerializable(typeof(IReadOnlyList<ReleaseReport>))]
[JsonSerializable(typeof(IReadOnlyList<PastReport>))]
[JsonSerializable(typeof(IReadOnlyList<EventReport>))]
[JsonSerializable(typeof(IReadOnlyList<LogReport>))]
[JsonSerializable(typeof(ApprovalLinkReport))]
[JsonSerializable(typeof(IReadOnlyList<TrialReport>))]
[JsonSerializable(typeof(DeliveryReport))]
[JsonSerializable(typeof(DeployRequest))]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(ServiceRequest))]
[JsonSerializable(typeof(CommandReply))]
[JsonSerializable(typeof(ApiProblem))]
public sealed partial class ContractsJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Demo;

/// <summary>What the shop's checkout reads.</summary>
internal sealed record Purchase(string Number, int Tins);

/// <summary>What it answers.</summary>
internal sealed record Receipt(string Number, decimal Total, string Version);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Purchase))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class DemoJson : JsonSerializerContext;

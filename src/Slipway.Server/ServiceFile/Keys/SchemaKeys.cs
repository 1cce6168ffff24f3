using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class SchemaKeys
{
    public static readonly MapShape<SchemaSpec> Schema = new MapShape<SchemaSpec>("schema", new("", ""))
        .Must("database", Texts.Any, "How to reach the database, best as a reference like \"${SHOP_DB}\".",
            (schema, database) => schema with { Database = database })
        .Must("changes", Texts.Any, "The folder with the schema changes.",
            (schema, folder) => schema with { Changes = folder });
}

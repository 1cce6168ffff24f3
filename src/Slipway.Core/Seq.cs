using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Slipway;

/// <summary>
/// An immutable list that is equal to another when its items are: records that hold one compare by value.
/// </summary>
[CollectionBuilder(typeof(Seq), nameof(Seq.Create))]
public sealed class Seq<T>(ImmutableArray<T> items) : IReadOnlyList<T>, IEquatable<Seq<T>>
{
    public static readonly Seq<T> Empty = new([]);

    public T this[int index] => items[index];
    public int Count => items.Length;

    public Seq<T> Add(T item) => new(items.Add(item));
    public Seq<T> AddRange(IEnumerable<T> more) => new(items.AddRange(more));

    public Seq<T> Replace(Func<T, bool> which, Func<T, T> with) =>
        new([.. items.Select(item => which(item) ? with(item) : item)]);

    /// <summary>The last <paramref name="count"/> items: what grows without end is kept short with this.</summary>
    public Seq<T> Last(int count) => items.Length <= count ? this : new(items[^count..]);

    public ReadOnlySpan<T> AsSpan() => items.AsSpan();
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(Seq<T>? other) => other is not null && AsSpan().SequenceEqual(other.AsSpan());
    public override bool Equals(object? obj) => Equals(obj as Seq<T>);
    public override int GetHashCode() => items.Aggregate(items.Length, HashCode.Combine);
    public override string ToString() => $"[{string.Join(", ", items)}]";
}

public static class Seq
{
    public static Seq<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? Seq<T>.Empty : new([.. items]);
    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => new([.. items]);
}

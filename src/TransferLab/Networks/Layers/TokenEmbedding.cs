using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>A table of vectors, looked up by id.</summary>
internal sealed class TokenEmbedding : Module<Tensor, Tensor>
{
    private Parameter weight;
    private Tensor? _rowOf;
    private Narrowed? _narrowed;

    public TokenEmbedding(int count, int width) : base(nameof(TokenEmbedding))
    {
        weight = FirstWeights.Draw(new Parameter(empty(count, width)));
        RegisterComponents();
    }

    /// <summary>The whole table, what has been trained of it included, while it is narrowed; null while it is not.</summary>
    public Tensor? Whole => _narrowed?.WriteBack();

    /// <summary>The whole table, [count, width].</summary>
    public Parameter Table => weight;

    /// <summary>The vectors of the first ids, [count, width].</summary>
    public Tensor First(long count) => weight.narrow(0, 0, count);

    /// <summary>The vectors of ids that follow one another, [count, width].</summary>
    public Tensor Rows(long first, long count) => weight.narrow(0, first, count);

    /// <summary>The vectors of any ids, [ids, width].</summary>
    public Tensor Select(Tensor ids) => weight.index_select(0, ids);

    /// <summary>Maps ids [N, T] to vectors [N, T, width].</summary>
    public override Tensor forward(Tensor ids)
    {
        Tensor flat = ids.reshape(-1);
        Tensor rows = _rowOf is null ? flat : _rowOf.index_select(0, flat);
        return weight.index_select(0, rows).view(ids.shape[0], ids.shape[1], -1);
    }

    /// <summary>
    /// Until disposed the table holds the vectors of the given ids alone, so that gradients and optimizer pass over those instead of a whole
    /// vocabulary; all others stay as they are. Every id that is looked up meanwhile must be among them.
    /// </summary>
    public IDisposable CompactVocabulary(IReadOnlyList<long> ids)
    {
        Parameter whole = weight;
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor kept = tensor(ids.ToArray(), device: whole.device);
        Tensor rowOf = ones(whole.shape[0], ScalarType.Int64, whole.device).neg_();
        rowOf[kept] = Arithmetic.Count(ids.Count, whole.device);
        _rowOf = rowOf.DetachFromDisposeScope();
        Replace(new Parameter(whole.index_select(0, kept), whole.requires_grad));
        weight.DetachFromDisposeScope();
        return _narrowed = new Narrowed(this, whole, kept.DetachFromDisposeScope());
    }

    private void Replace(Parameter parameter)
    {
        weight = parameter;
        ConditionallyRegisterParameter(nameof(weight), parameter);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rowOf?.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class Narrowed(TokenEmbedding owner, Parameter whole, Tensor kept) : IDisposable
    {
        public Tensor WriteBack()
        {
            using IDisposable noGradient = no_grad();
            return whole.index_copy_(0, kept, owner.weight);
        }

        public void Dispose()
        {
            WriteBack();
            using (Parameter narrow = owner.weight)
            {
                whole.requires_grad = narrow.requires_grad;
            }

            owner._narrowed = null;
            owner.Replace(whole);
            owner._rowOf!.Dispose();
            owner._rowOf = null;
            kept.Dispose();
        }
    }
}

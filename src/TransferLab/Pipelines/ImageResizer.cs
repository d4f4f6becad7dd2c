using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using TransferLab.Data;

namespace TransferLab.Pipelines;

/// <summary>
/// ML.NET's own <c>ResizeImages</c>, one image at a time: a network that a pipeline trains must see the very pixels that the saved pipeline
/// will give it. Short side to the size, centre cropped, as everywhere in this library. Safe to use from several threads.
/// </summary>
internal sealed class ImageResizer
{
    private const string Column = "Image";
    private readonly DataViewSchema _schema;
    private readonly IRowToRowMapper _mapper;
    private readonly DataViewSchema.Column _output;

    public ImageResizer(int size)
    {
        MLContext ml = new(seed: 0);
        DataViewSchema.Builder builder = new();
        builder.AddColumn(Column, new ImageDataViewType());
        _schema = builder.ToSchema();
        ITransformer resizing = Estimator(ml, Column, Column, size).Fit(new NoRows(_schema));
        _mapper = resizing.GetRowToRowMapper(_schema);
        _output = _mapper.OutputSchema[Column];
    }

    /// <summary>The step as it is part of pipelines.</summary>
    public static IEstimator<ITransformer> Estimator(MLContext ml, string output, string input, int size, ImageFit fit = ImageFit.Crop) =>
        ml.Transforms.ResizeImages(output, size, size, input,
            fit == ImageFit.Squash ? ImageResizingEstimator.ResizingKind.Fill : ImageResizingEstimator.ResizingKind.IsoCrop,
            ImageResizingEstimator.Anchor.Center);

    /// <summary>Resizes an image and writes its pixels as <c>[size, size, 3]</c> bytes, red first. The image stays the caller's.</summary>
    public void Resize(MLImage image, Span<byte> rgb)
    {
        // The row is not disposed: that would dispose the caller's image.
        DataViewRow row = _mapper.GetRow(new ImageRow(_schema, image), [_output]);
        MLImage? resized = null;
        row.GetGetter<MLImage>(_output)(ref resized!);
        try
        {
            CopyPixels(resized, rgb);
        }
        finally
        {
            if (!ReferenceEquals(resized, image))
            {
                resized.Dispose();
            }
        }
    }

    /// <summary>The pixels of an image as <c>[height, width, 3]</c> bytes, red first.</summary>
    public static void CopyPixels(MLImage image, Span<byte> rgb)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        int red = image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0;
        for (int source = 0, target = 0; source < pixels.Length; source += 4, target += 3)
        {
            rgb[target] = pixels[source + red];
            rgb[target + 1] = pixels[source + 1];
            rgb[target + 2] = pixels[source + 2 - red];
        }
    }

    private sealed class ImageRow(DataViewSchema schema, MLImage image) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => 0;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<MLImage> getter = (ref MLImage value) => value = image;
            return (ValueGetter<TValue>)(Delegate)getter;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = default;
    }
}

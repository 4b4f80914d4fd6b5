//! Rows as Parquet, by the column writers alone; every column may hold nulls.

use crate::table::{Cell, Kind, Table};
use crate::tabular::TableWriter;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows held before they are written as a group: at about 1 kB a row, some 20 MB.
const GROUP: usize = 20_000;

/// The values of a column of a group.
enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Boolean(Vec<bool>),
    Date(Vec<i32>),
    Time(Vec<i64>),
}

/// A column of a group: its values, and for each row whether there is one.
struct Buffer {
    values: Values,
    there: Vec<i16>,
}

/// Writes Parquet, compressed with zstd.
pub struct ParquetWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    table: Table,
    columns: Vec<Buffer>,
    rows: usize,
}

impl<W: Write + Send> std::fmt::Debug for ParquetWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetWriter")
            .field("table", &self.table.name)
            .finish_non_exhaustive()
    }
}

fn broken(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(io) => *io,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

fn column(name: &str, kind: Kind) -> Result<Type, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

impl<W: Write + Send> ParquetWriter<W> {
    /// A writer of rows of `table`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, table: &Table) -> io::Result<Self> {
        let build = || {
            let fields = table.columns.iter().map(|c| column(c.name, c.kind).map(Arc::new));
            let schema = Type::group_type_builder(table.name)
                .with_fields(fields.collect::<Result<_, _>>()?)
                .build()?;
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
                .set_created_by(format!("lagebild {}", env!("CARGO_PKG_VERSION")))
                .build();
            SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))
        };
        Ok(Self {
            writer: build().map_err(broken)?,
            table: *table,
            columns: Self::buffers(table),
            rows: 0,
        })
    }

    fn buffers(table: &Table) -> Vec<Buffer> {
        let empty = |kind| match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Boolean => Values::Boolean(Vec::new()),
            Kind::Date => Values::Date(Vec::new()),
            Kind::Time => Values::Time(Vec::new()),
        };
        let columns = table.columns.iter();
        columns
            .map(|c| Buffer {
                values: empty(c.kind),
                there: Vec::new(),
            })
            .collect()
    }

    fn group(&mut self) -> Result<(), ParquetError> {
        let columns = std::mem::replace(&mut self.columns, Self::buffers(&self.table));
        self.rows = 0;
        let mut group = self.writer.next_row_group()?;
        for buffer in columns {
            write(&mut group, &buffer)?;
        }
        group.close()?;
        Ok(())
    }
}

fn write<W: Write + Send>(group: &mut SerializedRowGroupWriter<'_, W>, buffer: &Buffer) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more cells than columns".to_owned()));
    };
    let there = Some(buffer.there.as_slice());
    match &buffer.values {
        Values::Text(values) => column.typed::<ByteArrayType>().write_batch(values, there, None)?,
        Values::Integer(values) | Values::Time(values) => {
            column.typed::<Int64Type>().write_batch(values, there, None)?
        }
        Values::Number(values) => column.typed::<DoubleType>().write_batch(values, there, None)?,
        Values::Boolean(values) => column.typed::<BoolType>().write_batch(values, there, None)?,
        Values::Date(values) => column.typed::<Int32Type>().write_batch(values, there, None)?,
    };
    column.close()
}

impl Buffer {
    fn push(&mut self, cell: &Cell<'_>) {
        let pushed = match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => {
                values.push(ByteArray::from(text.as_bytes().to_vec()));
                true
            }
            (Values::Integer(values), Cell::Integer(n)) => {
                values.push(*n);
                true
            }
            (Values::Number(values), Cell::Number(x)) => {
                values.push(*x);
                true
            }
            (Values::Boolean(values), Cell::Boolean(b)) => {
                values.push(*b);
                true
            }
            (Values::Date(values), _) => cell.days().map(|d| values.push(d)).is_some(),
            (Values::Time(values), _) => cell.milliseconds().map(|t| values.push(t)).is_some(),
            _ => false,
        };
        self.there.push(i16::from(pushed));
    }
}

impl<W: Write + Send> TableWriter for ParquetWriter<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (buffer, cell) in self.columns.iter_mut().zip(cells) {
            buffer.push(cell);
        }
        self.rows += 1;
        if self.rows >= GROUP {
            self.group().map_err(broken)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.rows > 0 {
            self.group().map_err(broken)?;
        }
        self.writer.close().map_err(broken)?;
        Ok(())
    }
}
